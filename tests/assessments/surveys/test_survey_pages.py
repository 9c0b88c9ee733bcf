import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Response, ResponseTransition, Survey
from tests.support import factories as make
from tests.support.posting import give

STAFF = ("admin", "staff")
ABOVE = (*STAFF, "pref_viewer", "bureau_staff", "consultant")
INSIDE = ("officer", "approver", "viewer")
STRANGERS = ("far_bureau_staff", "neighbour_officer", "stranger_staff")


def url(name, obj):
    return reverse(f"assessments:{name}", args=[obj.pk])


def visit(client, user, address, **query):
    client.force_login(user)
    return client.get(address, query)


def form_data(**changed):
    today = timezone.localdate()
    return {
        "title": "令和8年度調査",
        "fiscal_year": str(today.year),
        "round": "first",
        "opens_at_day": "令和8年12月1日",
        "opens_at_time": "９時",
        "closes_at_day": "R9.1.15",
        "closes_at_time": "午後5時30分",
        "contact": "デジタル推進課 内線1234",
        "visibility": "aggregate",
        **changed,
    }


SURVEY_ACTS = (
    "survey_edit",
    "survey_open",
    "survey_close",
    "survey_reopen",
    "survey_confirm_all",
    "remind",
    "reminder_log",
)
SHEET_ACTS = ("response_extend", "response_return", "response_accept")


@pytest.mark.parametrize("name", SURVEY_ACTS)
def test_acts_on_a_survey_are_for_staff_403_for_those_who_see_it_404_for_strangers(client, world, name):
    address = url(name, world.survey)
    for who in STAFF:
        assert visit(client, getattr(world, who), address).status_code == 200, who
    for who in ("pref_viewer", "bureau_staff", "consultant", *INSIDE):
        assert visit(client, getattr(world, who), address).status_code == 403, who
        assert client.post(address).status_code == 403, who
    assert visit(client, world.stranger_staff, address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("name", SHEET_ACTS)
def test_acts_on_a_sheet_are_for_staff_403_inside_404_for_strangers(client, world, name):
    address = url(name, world.sheet)
    for who in STAFF:
        assert visit(client, getattr(world, who), address).status_code == 200, who
    for who in ("pref_viewer", "bureau_staff", "consultant", *INSIDE):
        assert visit(client, getattr(world, who), address).status_code == 403, who
    for who in STRANGERS:
        assert visit(client, getattr(world, who), address).status_code == 404, who
    assert visit(client, world.nobody, address).status_code in (403, 404)


def test_a_survey_is_created_with_eras_and_clock_words(client, cast):
    sheet = make.make_questionnaire(code="published")
    client.force_login(cast.staff)

    response = client.post(reverse("assessments:survey_create"), form_data(questionnaire=sheet.pk, auto_open="on"))

    survey = Survey.objects.get(title="令和8年度調査")
    assert response.status_code == 302
    assert (survey.prefecture, survey.state, survey.auto_open) == (cast.pref, "draft", True)
    assert timezone.localtime(survey.opens_at).replace(tzinfo=None) == dt.datetime(2026, 12, 1, 9)  # noqa: DTZ001
    assert timezone.localtime(survey.closes_at).replace(tzinfo=None) == dt.datetime(2027, 1, 15, 17, 30)  # noqa: DTZ001


def test_a_refused_survey_keeps_what_was_typed_and_says_all_errors(client, cast):
    client.force_login(cast.staff)

    response = client.post(
        reverse("assessments:survey_create"), form_data(closes_at_day="令和8年2月30日", opens_at_time="25時")
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"questionnaire", "closes_at_day", "opens_at_time"}
    assert 'value="令和8年2月30日"' in page
    assert "デジタル推進課 内線1234" in page
    assert not Survey.objects.exists()


def test_the_domains_errors_come_back_on_the_fields(client, cast):
    sheet = make.make_questionnaire(code="published")
    client.force_login(cast.staff)

    response = client.post(
        reverse("assessments:survey_create"),
        form_data(questionnaire=sheet.pk, closes_at_day="2026-11-01", round="review"),
    )

    assert set(response.context["form"].errors) == {"closes_at_day", "previous"}


def test_only_published_questionnaires_and_own_groups_and_surveys_are_offered(client, cast, draft):
    make.make_survey(cast.other_pref, title="よその調査")
    unpublished = make.make_questionnaire(code="unpublished")
    type(unpublished).objects.filter(pk=unpublished.pk).update(status="draft")
    make.make_survey(cast.pref, title="去年の調査")

    form = visit(client, cast.staff, reverse("assessments:survey_create")).context["form"]

    assert unpublished not in form.fields["questionnaire"].queryset
    assert [row.title for row in form.fields["previous"].queryset] == ["去年の調査"]


def test_an_open_survey_offers_only_what_may_still_change(client, world):
    form = visit(client, world.staff, url("survey_edit", world.survey)).context["form"]

    assert set(form.fields) == {"title", "previous", "closes_at_day", "closes_at_time", "contact", "visibility"}


def test_the_list_shows_each_their_surveys_with_the_counts_of_their_part(client, world):
    Response.objects.filter(pk=world.neighbours.pk).update(state="submitted")
    make.make_survey(world.pref, state="draft", title="まだの調査")
    make.make_survey(world.other_pref, title="よその調査")

    def seen(who):
        rows = visit(client, getattr(world, who), reverse("assessments:survey_list")).context["rows"]
        return {row.title: (row.handed_in, row.expected) for row in rows}

    assert seen("staff") == {"令和6年度DX調査": (1, 2), "まだの調査": (0, 0)}
    assert seen("bureau_staff") == seen("consultant") == seen("officer") == {"令和6年度DX調査": (0, 1)}
    assert seen("far_bureau_staff") == {"令和6年度DX調査": (1, 1)}
    assert seen("stranger_staff") == {"よその調査": (0, 0)}


def test_the_list_narrows_to_a_year(client, world):
    make.make_survey(world.pref, fiscal_year=2025, title="次の年")

    rows = visit(client, world.staff, reverse("assessments:survey_list"), year="2025").context["rows"]

    assert [row.title for row in rows] == ["次の年"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_queries_for_one_and_three(client, cast, count, django_assert_num_queries):
    for _ in range(count):
        make.make_response(make.make_survey(cast.pref), cast.town)
    visit(client, cast.staff, reverse("assessments:survey_list"))

    with django_assert_num_queries(5):
        response = client.get(reverse("assessments:survey_list"))
    assert len(response.context["rows"]) == count


def test_opening_by_the_page_names_the_number_and_makes_the_sheets(client, cast, draft):
    address = url("survey_open", draft)
    assert "<strong>2団体</strong>" in visit(client, cast.staff, address).content.decode()
    assert not Response.objects.exists()

    response = client.post(address, follow=True)

    assert "2団体の回答票を作りました" in response.content.decode()
    assert Response.objects.count() == 2


def test_closing_by_the_page_names_those_not_handed_in(client, world):
    Response.objects.filter(pk=world.sheet.pk).update(state="submitted")

    page = visit(client, world.staff, url("survey_close", world.survey)).content.decode()
    assert "1団体が未提出のまま締め切る" in page
    assert Survey.objects.get().state == "open"

    client.post(url("survey_close", world.survey))
    assert Survey.objects.get().state == "closed"


def test_reopening_by_the_page_keeps_a_wrong_date(client, world):
    Survey.objects.update(state="closed")
    client.force_login(world.staff)
    address = url("survey_reopen", world.survey)

    refused = client.post(address, {"closes_at_day": "2020年1月1日", "closes_at_time": "17:00"})
    assert "これからの日時" in refused.content.decode()
    assert 'value="2020年1月1日"' in refused.content.decode()

    client.post(address, {"closes_at_day": "2099年1月1日", "closes_at_time": "24:00"})
    assert Survey.objects.get().state == "open"


def test_extending_by_the_page_needs_reason_and_keeps_it(client, world):
    client.force_login(world.staff)
    address = url("response_extend", world.sheet)
    later = {"until_day": "2099年1月1日", "until_time": "17:00"}

    assert set(client.post(address, later).context["form"].errors) == {"reason"}
    client.post(address, later | {"reason": "台風の対応のため"})

    sheet = Response.objects.get(pk=world.sheet.pk)
    assert (sheet.extended_until.year, sheet.extension_reason) == (2099, "台風の対応のため")


def test_returning_named_questions_needs_them_and_a_reason(client, world):
    Response.objects.filter(pk=world.sheet.pk).update(state="submitted")
    client.force_login(world.staff)
    address = url("response_return", world.sheet)

    refused = client.post(address, {"scope": "named", "comment": " "})
    assert set(refused.context["form"].errors) == {"comment", "scope"}
    returned = client.post(
        address,
        {"scope": "named", "comment": "数を確かめてください", "section-step0": ["0-1"], "section-step1": ["1-2"]},
    )

    assert returned.status_code == 302
    sheet = Response.objects.get(pk=world.sheet.pk)
    assert (sheet.state, sheet.reopened_questions) == ("returned", ["0-1", "1-2"])
    assert ResponseTransition.objects.get(response=sheet).comment == "数を確かめてください"


def test_a_whole_return_with_ticked_questions_is_asked_back(client, world):
    Response.objects.filter(pk=world.sheet.pk).update(state="submitted")
    client.force_login(world.staff)

    refused = client.post(
        url("response_return", world.sheet), {"scope": "whole", "comment": "確認", "section-step0": ["0-1"]}
    )

    assert set(refused.context["form"].errors) == {"scope"}
    assert Response.objects.get(pk=world.sheet.pk).state == "submitted"


def test_a_sheet_that_is_not_handed_in_cannot_be_returned(client, world):
    client.force_login(world.staff)

    refused = client.post(url("response_return", world.sheet), {"scope": "whole", "comment": "確認"})

    assert "差戻し" in refused.content.decode()
    assert refused.context["form"].non_field_errors()


def test_confirming_all_confirms_only_what_the_page_named(client, world):
    Response.objects.filter(survey=world.survey).update(state="submitted")
    client.force_login(world.staff)

    client.post(url("survey_confirm_all", world.survey), {"response": [world.sheet.pk, "x"]})

    states = dict(Response.objects.values_list("organization__name", "state"))
    assert states == {"あさひ町": "confirmed", "ゆうひ町": "submitted"}


def test_confirming_one_sheet(client, world):
    Response.objects.filter(pk=world.sheet.pk).update(state="submitted")
    client.force_login(world.staff)

    client.post(url("response_accept", world.sheet))
    again = client.post(url("response_accept", world.sheet), follow=True)

    assert Response.objects.get(pk=world.sheet.pk).state == "confirmed"
    assert "現在「確定」のため" in again.content.decode()


def test_a_review_round_is_suggested_from_the_first(client, world):
    Survey.objects.update(state="closed")

    form = visit(client, world.staff, reverse("assessments:survey_create"), review=world.survey.pk).context["form"]

    assert (form.initial["round"], form.initial["previous"]) == ("review", world.survey)
    assert form.initial["title"] == world.survey.title


@pytest.mark.parametrize("who", ABOVE + INSIDE)
def test_whoever_may_read_a_sheet_reads_its_history(client, world, who):
    give(world.sheet, "0-1", choices=["yes"])
    assert visit(client, getattr(world, who), url("response_history", world.sheet)).status_code == 200


@pytest.mark.parametrize("who", STRANGERS)
def test_a_strangers_history_is_not_found(client, world, who):
    assert visit(client, getattr(world, who), url("response_history", world.sheet)).status_code == 404


def test_the_surveys_history_is_for_its_staff(client, world):
    assert visit(client, world.staff, url("survey_history", world.survey)).status_code == 200
    assert visit(client, world.officer, url("survey_history", world.survey)).status_code == 403
    assert visit(client, world.stranger_staff, url("survey_history", world.survey)).status_code == 404


def test_an_open_survey_adds_sheets_for_municipalities_that_came_since(client, world):
    make.make_municipality(world.bureau, "あらた村")

    page = visit(client, world.staff, url("survey_open", world.survey)).content.decode()
    assert "<strong>1団体</strong>" in page
    client.post(url("survey_open", world.survey))

    assert Response.objects.filter(survey=world.survey).count() == 3


@pytest.mark.parametrize(
    ("name", "state"),
    [("survey_open", "closed"), ("survey_close", "draft"), ("survey_reopen", "open"), ("remind", "draft")],
)
def test_an_act_out_of_turn_offers_no_button(client, world, name, state):
    Survey.objects.update(state=state)

    page = visit(client, world.staff, url(name, world.survey)).content.decode()

    assert "今はできません" in page
