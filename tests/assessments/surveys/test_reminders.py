import datetime as dt
import threading
import uuid

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.domain.surveys import reminders
from assessments.domain.surveys.submissions import submissions
from assessments.models import Reminder, Response, Survey
from dxportal.core.jobs.domain import drain
from dxportal.core.jobs.models import Job
from tests.support import factories as make


def address(survey, name="remind"):
    return reverse(f"assessments:{name}", args=[survey.pk])


def post(client, survey, act, form, **changed):
    data = {name: form[name].value() for name in ("batch", "subject", "body", "responses")}
    return client.post(address(survey), {**data, "act": act, **changed})


def open_form(client, user, survey):
    client.force_login(user)
    return client.get(address(survey)).context["form"]


@pytest.fixture
def due(world):
    """Closing in five days, with a contact."""
    closes_at = timezone.localtime().replace(hour=17, minute=0, second=0, microsecond=0) + dt.timedelta(days=5)
    Survey.objects.filter(pk=world.survey.pk).update(closes_at=closes_at, contact="デジタル推進課 内線12")
    world.survey.refresh_from_db()
    return world


def test_all_not_handed_in_with_people_are_chosen_and_the_others_named(client, due):
    lonely = make.make_municipality(due.bureau, "ひとけなし村")
    gone = make.make_municipality(due.bureau, "転出村")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    make.make_user(gone, "officer", last_day=yesterday)
    make.make_user(lonely, "viewer")
    for place in (lonely, gone):
        make.make_response(due.survey, place)
    Response.objects.filter(pk=due.neighbours.pk).update(state="submitted")

    form = open_form(client, due.staff, due.survey)
    page = client.get(address(due.survey)).content.decode()

    assert form["responses"].value() == [str(due.sheet.pk)]
    assert [value for value, _ in form.fields["responses"].choices] == [str(due.sheet.pk)]
    assert "次の2団体には送れません" in page
    assert "ひとけなし村" in page
    assert "転出村" in page


def test_the_preview_shows_each_mail_and_writes_nothing(client, due):
    form = open_form(client, due.staff, due.survey)

    preview = post(client, due.survey, "preview", form)

    letters = {one.submission.response.organization.name: one for one in preview.context["letters"]}
    assert set(letters) == {"あさひ町", "ゆうひ町"}
    town = letters["あさひ町"]
    assert set(town.recipients) == {due.officer.email, due.approver.email}
    assert "令和6年度DX調査" in town.subject
    assert "あさひ町" in town.body
    assert "必須の設問 2問のうち 0問" in town.body
    assert "あと5日" in town.body
    assert f"http://testserver{reverse('assessments:response_detail', args=[due.sheet.pk])}" in town.body
    assert "デジタル推進課 内線12" in town.body
    assert "{" not in town.subject + town.body
    assert not Reminder.objects.exists()
    assert not Job.objects.exists()


def test_the_preview_sends_what_it_shows_whatever_is_typed_below(client, due):
    form = open_form(client, due.staff, due.survey)
    preview = post(client, due.survey, "preview", form, body="見せた本文")

    sent = {}
    for name, value in preview.context["shown"]:
        sent.setdefault(name, []).append(value)
    client.post(address(due.survey), {**sent, "act": "send"})

    assert set(Reminder.objects.values_list("body", flat=True)) == {"見せた本文"}


def test_what_was_typed_stays_in_the_preview(client, due):
    form = open_form(client, due.staff, due.survey)

    preview = post(client, due.survey, "preview", form, subject="{団体名}さま", body="お願い {締切}")

    assert preview.context["form"]["body"].value() == "お願い {締切}"
    assert {one.subject for one in preview.context["letters"]} == {"あさひ町さま", "ゆうひ町さま"}


def test_an_unknown_placeholder_is_named_and_the_text_kept(client, due):
    form = open_form(client, due.staff, due.survey)

    refused = post(client, due.survey, "send", form, body="{町長名}様")

    assert "{町長名}は置き換えられません" in refused.context["form"].errors["body"][0]
    assert "{町長名}様" in refused.content.decode()
    assert not Reminder.objects.exists()


def test_sending_delivers_one_mail_a_municipality_and_keeps_the_log(client, due):
    form = open_form(client, due.staff, due.survey)

    post(client, due.survey, "send", form, responses=[str(due.sheet.pk)])
    assert mail.outbox == []
    drain()

    (sent,) = mail.outbox
    assert sorted(sent.to) == sorted([due.officer.email, due.approver.email])
    assert "回答の提出をお願いします" in sent.subject
    reminder = Reminder.objects.get()
    assert (reminder.response, reminder.sent_by, reminder.error) == (due.sheet, due.staff, "")
    assert reminder.delivered_at
    log = client.get(address(due.survey, "reminder_log")).content.decode()
    assert "送信済" in log
    assert sent.subject in log


def test_the_same_form_sent_twice_reminds_nobody_twice(client, due):
    form = open_form(client, due.staff, due.survey)

    post(client, due.survey, "send", form)
    again = post(client, due.survey, "send", form)
    drain()

    assert again.status_code == 302
    assert (Reminder.objects.count(), len(mail.outbox), Job.objects.count()) == (2, 2, 1)


def test_two_clicks_at_once_remind_nobody_twice(transactional_db):
    pref = make.make_prefecture()
    town = make.make_municipality(make.make_bureau(pref))
    make.make_user(town, "officer")
    staff = make.make_user(pref, "prefecture_staff")
    survey = make.make_survey(pref)
    make.make_response(survey, town)
    rows = submissions(Response.objects.all(), survey)
    made = reminders.letters(survey, rows, subject="s", body="b", addresses={rows[0].response.pk: "x"})
    batch, queued = uuid.uuid4(), []

    def click():
        queued.append(reminders.send(survey, made, batch=batch, user=staff))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    [one.start() for one in threads]
    [one.join() for one in threads]

    assert sorted(queued) == [0, 0, 0, 1]
    assert Reminder.objects.count() == 1


def test_a_claimed_reminder_is_not_sent_again(due):
    reminder = Reminder.objects.create(
        response=due.sheet, recipients=["a@example.jp"], subject="s", body="b", claimed_at=timezone.now()
    )

    assert reminders.waiting(str(reminder.batch)) == []
    assert reminders.deliver(reminder.pk) is False
    assert mail.outbox == []


def test_a_mail_that_fails_is_logged_without_addresses_and_the_others_go_out(due, settings):
    settings.EMAIL_BACKEND = "tests.support.mailboxes.FailsFirst"
    batch = uuid.uuid4()
    rows = [
        Reminder.objects.create(response=one, batch=batch, recipients=["a@example.jp"], subject="s", body="b")
        for one in (due.sheet, due.neighbours)
    ]

    assert [reminders.deliver(one.pk) for one in rows] == [False, True]

    failed = Reminder.objects.get(pk=rows[0].pk)
    assert failed.error == "送信できませんでした（SMTPRecipientsRefused）。"
    assert failed.delivered_at is None


def test_somebody_who_handed_in_meanwhile_is_left_out(client, due):
    form = open_form(client, due.staff, due.survey)
    Response.objects.filter(pk=due.neighbours.pk).update(state="submitted")

    refused = post(client, due.survey, "send", form)

    assert refused.status_code == 200
    assert "responses" in refused.context["form"].errors
    assert not Reminder.objects.exists()


def test_only_the_prefectures_staff_sends(due):
    rows = submissions(Response.objects.all(), due.survey)
    made = reminders.letters(
        due.survey, rows, subject="s", body="b", addresses=dict.fromkeys([r.response.pk for r in rows], "")
    )

    for user in (due.stranger_staff, due.officer, due.bureau_staff, due.consultant):
        with pytest.raises(PermissionDenied):
            reminders.send(due.survey, made, batch=uuid.uuid4(), user=user)


def test_sending_to_nobody_is_said(due):
    with pytest.raises(ValidationError, match="送る相手がいません"):
        reminders.send(due.survey, [], batch=uuid.uuid4(), user=due.staff)


def test_the_log_holds_the_own_survey_only(client, due):
    other = make.make_response(make.make_survey(due.pref), due.town)
    for response in (due.sheet, other):
        Reminder.objects.create(response=response, subject="s", body="b")

    client.force_login(due.staff)
    rows = client.get(address(due.survey, "reminder_log")).context["rows"]

    assert [one.response for one in rows] == [due.sheet]
