"""Released topics are told once a week, and a town may ask another one to tell more."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from consultations.domain.topics import moves
from consultations.domain.topics.sharing import contact, digest
from consultations.models import Action, ContactRequest
from consultations.tasks import lapse_contacts, send_release_digests
from dxportal.core.workflow.errors import NotPossible
from tests.support.cases import an_area
from tests.support.consultations import a_session, a_topic, day, get, post, released
from tests.support.reading import words

pytestmark = pytest.mark.django_db


def boxes() -> list[str]:
    return sorted(each.to[0] for each in mail.outbox)


def test_a_week_has_one_mail_by_field_and_none_where_there_is_nothing(client, cast):
    area = an_area("training")
    send_release_digests()
    assert mail.outbox == []
    released(a_topic(cast.town, cast.staff, area=area.pk), cast.office, "研修の題")
    withdrawn = released(a_topic(cast.town, cast.staff), cast.office, "消える題")
    moves.make_move(withdrawn.pk, "withdraw", user=cast.office, reason="誤り")
    mail.outbox.clear()
    post(client, cast.neighbour_officer, "release_digest", muted="on")
    post(client, cast.approver, "release_digest", areas=[an_area("digital_divide").pk])
    assert get(client, cast.approver, "release_digest").context["form"]["areas"].value()

    send_release_digests()
    send_release_digests()

    assert boxes().count(cast.officer.email) == 1
    assert not {cast.neighbour_officer.email, cast.approver.email, cast.stranger_staff.email} & set(boxes())
    assert all("研修の題" in each.body and "消える題" not in each.body for each in mail.outbox)
    # The week after tells what came since, and nothing again.
    mail.outbox.clear()
    assert digest.send_all(timezone.now() + dt.timedelta(days=7)) == 0


def test_a_town_that_agrees_and_one_that_asks_get_each_others_contact_and_nobody_before(client, cast):
    topic = released(a_topic(cast.town, cast.staff, contact=True), cast.office)
    closed = released(a_topic(cast.town, cast.staff), cast.office)
    assert "話を聞きたい</a>" in get(client, cast.neighbour_officer, "topic_released", topic.pk).content.decode()
    for user, pk in ((cast.neighbour_officer, closed.pk), (cast.officer, topic.pk), (cast.staff, topic.pk)):
        with pytest.raises(PermissionDenied):
            contact.ask(pk, "聞きたい", user=user)
    with TestCase.captureOnCommitCallbacks(execute=True):
        post(client, cast.neighbour_officer, "contact_ask", topic.pk, message="費用を聞きたい")
    asking = ContactRequest.objects.get()
    assert boxes() == sorted((cast.officer.email, cast.approver.email))
    with pytest.raises(NotPossible):
        contact.ask(topic.pk, "もう一度", user=cast.neighbour_approver)
    assert cast.officer.email not in words(get(client, cast.neighbour_officer, "contact", asking.pk))
    mail.outbox.clear()

    with TestCase.captureOnCommitCallbacks(execute=True):
        post(client, cast.officer, "contact_agree", asking.pk, reply="水曜にどうぞ")

    assert boxes() == sorted((cast.officer.email, cast.neighbour_officer.email))
    assert all(cast.officer.email in each.body and cast.neighbour_officer.email in each.body for each in mail.outbox)
    assert cast.officer.email in words(get(client, cast.neighbour_officer, "contact", asking.pk))
    moves.make_move(topic.pk, "withdraw", user=cast.officer, reason="誤り")
    assert topic.summary_title not in words(get(client, cast.neighbour_officer, "contact", asking.pk))
    assert topic.summary_title not in words(get(client, cast.neighbour_officer, "contacts"))


def test_what_nobody_answers_becomes_an_action_of_the_prefecture_once(cast):
    topic = released(a_topic(cast.town, cast.staff, contact=True), cast.office)
    asking = contact.ask(topic.pk, "聞きたい", user=cast.neighbour_officer)

    assert contact.lapse_all(asking.due_day) == 0
    ContactRequest.objects.update(due_day=day(-1))
    lapse_contacts()
    lapse_contacts()

    action = Action.objects.get()
    assert (action.bearer, action.topic, action.organization) == ("prefecture", topic, cast.town)
    # A late answer is one still.
    assert contact.answer(asking.pk, "decline", "", user=cast.approver).state == "declined"
    assert contact.ask(topic.pk, "また聞きたい", user=cast.neighbour_officer).state == "waiting"


def test_the_same_trouble_is_shown_beside_a_released_topic_and_of_released_ones_alone(client, cast):
    seen = released(a_topic(cast.town, cast.staff), cast.office, "台帳の整理", "台帳の整理が進まない")
    released(a_topic(cast.neighbour, cast.staff), cast.office, "台帳の整理を始めた", "台帳の整理が一年で終わった")
    a_topic(cast.neighbour, cast.staff, "台帳の秘密", trouble="台帳の整理の内輪話")

    page = get(client, cast.officer, "topic_released", seen.pk)
    form = get(client, cast.officer, "topic_propose", a_session(cast.staff, cast.town).pk)

    assert [each.title for each in page.context["alike"]] == ["台帳の整理を始めた"]
    assert form.context["alike_at"] == reverse("portal:knowledge_alike")
