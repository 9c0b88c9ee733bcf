import datetime as dt

import pytest
from django.utils import timezone

from assessments.domain.answering import moves
from assessments.models import Answer, Response
from tests.support import factories as make
from tests.support.posting import answer, section_url, stored, url


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def page(revision="0", **values):
    """What the first section posts with nothing changed, but for ``values``."""
    return {"q:0-1": "", "n:0-1": "", "r:0-1": revision, "q:0-2": "", "n:0-2": "", "r:0-2": "0"} | values


def test_without_script_a_page_is_saved_by_a_plain_submit_and_leads_on(officer, world):
    saved = officer.post(section_url(world.sheet), page(**{"q:0-1": "yes", "q:0-2": "本文", "go": "next"}), follow=True)

    assert saved.redirect_chain == [(section_url(world.sheet, "step1"), 302)]
    assert "に保存しました" in saved.content.decode()
    assert (stored(world.sheet, "0-1").choices, stored(world.sheet, "0-2").text) == (["yes"], "本文")


@pytest.mark.parametrize(
    ("section", "go", "to"),
    [
        ("step0", "stay", "sections/step0/"),
        ("step0", "", "sections/step0/"),
        ("step0", "previous", "sections/step0/"),
        ("step1", "previous", "sections/step0/"),
        ("step1", "next", "confirm/"),
    ],
)
def test_where_a_saved_page_leads(officer, world, section, go, to):
    answered = officer.post(section_url(world.sheet, section), {"go": go})

    assert answered.url == f"/responses/{world.sheet.pk}/{to}"


def test_the_first_button_of_the_form_only_saves(officer, world):
    html = officer.get(section_url(world.sheet)).content.decode()

    form = html[html.index("data-answers") :]
    assert form.index('value="stay"') == form.index('type="submit"') + len('type="submit" name="go" ')


def test_a_bad_number_comes_back_as_typed_while_the_rest_is_saved(officer, world):
    answered = officer.post(
        section_url(world.sheet, "step1"), {"q:1-1": "done", "r:1-1": "0", "q:1-2": "十二", "r:1-2": "0", "go": "next"}
    )

    html = answered.content.decode()
    assert answered.status_code == 200
    assert "エラー：" in html
    assert '<a href="#question-1-2">問1-2：数字で入力してください（例：12）。入力された値：「十二」</a>' in html
    assert 'value="十二"' in html
    assert stored(world.sheet, "1-1").choices == ["done"]
    assert not Answer.objects.filter(question__code="1-2").exists()


def test_a_stale_page_shows_both_and_saves_the_rest(officer, world):
    answer(world.sheet, "0-1", choices=["no"], note="相手のメモ", revision=2, updated_by=world.approver)

    answered = officer.post(section_url(world.sheet), page("1", **{"q:0-1": "yes", "q:0-2": "本文"}))

    html = answered.content.decode()
    assert "町 承認さんが更新しました。どちらを残すか選んでください。" in html
    assert "相手のメモ" in html
    assert 'value="yes" checked' in html
    assert 'name="r:0-1" value="2"' in html
    assert stored(world.sheet, "0-1").choices == ["no"]
    assert stored(world.sheet, "0-2").text == "本文"


@pytest.mark.parametrize(("keep", "choices"), [("mine", ["yes"]), ("theirs", ["no"])])
def test_the_choice_between_two_answers_is_taken_without_script(officer, world, keep, choices):
    answer(world.sheet, "0-1", choices=["no"], revision=2, updated_by=world.approver)

    answered = officer.post(
        section_url(world.sheet), page("2", **{"q:0-1": "yes", "c:0-1": "1", "k:0-1": keep, "go": "next"})
    )

    assert answered.status_code == 302
    assert stored(world.sheet, "0-1").choices == choices


def test_an_undecided_conflict_is_asked_again(officer, world):
    answer(world.sheet, "0-1", choices=["no"], revision=2, updated_by=world.approver)

    answered = officer.post(section_url(world.sheet), page("2", **{"q:0-1": "yes", "c:0-1": "1"}))

    assert "どちらを残すか選んでください" in answered.content.decode()
    assert stored(world.sheet, "0-1").choices == ["no"]


def test_the_deadline_passing_while_typing_loses_nothing_of_what_was_typed(officer, world):
    world.survey.closes_at = timezone.now() - dt.timedelta(seconds=1)
    world.survey.save()

    html = officer.post(section_url(world.sheet), page(**{"q:0-1": "yes", "n:0-1": "書いたメモ"})).content.decode()

    assert "締切を過ぎたため" in html
    assert "保存されていない入力" in html
    assert "定義している" in html
    assert "書いたメモ" in html
    assert not Answer.objects.exists()


def test_what_the_conditions_leave_out_is_kept_and_said(officer, world):
    answered = officer.post(section_url(world.sheet), page(**{"q:0-1": "no", "q:0-2": "残す"}), follow=True)

    assert "問0-2は、ほかの設問への回答により対象外です" in answered.content.decode()
    assert stored(world.sheet, "0-2").text == "残す"


def test_a_conditional_question_says_when_it_is_asked_and_stays_visible_without_script(officer, world):
    html = officer.get(section_url(world.sheet)).content.decode()

    assert "問0-1で『定義している』の場合に回答" in html
    assert "data-hidden" not in html
    assert '<textarea class="control" id="q-0-2"' in html


@pytest.mark.parametrize("state", ["in_review", "submitted", "confirmed"])
def test_a_sheet_that_is_not_open_is_shown_as_text(officer, world, state):
    answer(world.sheet, "0-1", choices=["yes"])
    Response.objects.filter(pk=world.sheet.pk).update(state=state)

    html = officer.get(section_url(world.sheet)).content.decode()

    assert '<p class="answer-text">定義している</p>' in html
    assert 'name="q:0-1"' not in html
    assert 'type="submit" name="go"' not in html


def test_a_return_to_named_questions_opens_only_those(officer, world):
    Response.objects.filter(pk=world.sheet.pk).update(state="submitted")
    moves.return_to(world.sheet.pk, user=world.staff, comment="計画名を確かめてください", questions=["1-1"])

    html = officer.get(section_url(world.sheet, "step1")).content.decode()

    assert "計画名を確かめてください" in html
    assert 'name="q:1-1"' in html
    assert 'name="q:1-2"' not in html


def test_last_times_answer_stands_before_the_control_and_can_be_taken_over(officer, world):
    last = make.make_survey(world.pref, world.survey.questionnaire, fiscal_year=2023, state="closed")
    then = make.make_response(last, world.town, state="confirmed")
    answer(then, "1-1", choices=["planned"], note="昨年のメモ")
    world.survey.previous = last
    world.survey.save()

    html = officer.get(section_url(world.sheet, "step1")).content.decode()

    block = html[html.index('id="question-1-1"') : html.index('id="question-1-2"')]
    assert "昨年度（令和5年度）の回答" in block
    assert block.index("予定がある") < block.index('name="q:1-1"') < block.index("data-copy=")
    assert "昨年のメモ" in block
    assert "[[&quot;q:1-1&quot;, &quot;planned&quot;]]" in block


def test_staff_fill_in_on_behalf_and_are_told_so(client, world):
    client.force_login(world.staff)

    html = client.get(section_url(world.sheet)).content.decode()
    client.post(section_url(world.sheet), page(**{"q:0-1": "yes"}))

    assert "あさひ町の代わりに入力しています" in html
    assert stored(world.sheet, "0-1").on_behalf


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("officer", 200),
        ("viewer", 200),
        ("staff", 200),
        ("pref_viewer", 200),
        ("bureau_staff", 200),
        ("consultant", 200),
        ("neighbour_officer", 404),
        ("far_bureau_staff", 404),
        ("stranger_staff", 404),
        ("nobody", 403),
    ],
)
@pytest.mark.parametrize("name", ["response_detail", "response_confirm", "response_print", "response_export"])
def test_who_sees_a_sheet(client, world, person, status, name):
    client.force_login(getattr(world, person))

    assert client.get(url(name, world.sheet)).status_code == status


def test_readers_get_no_controls_and_may_not_post(client, world):
    client.force_login(world.viewer)

    html = client.get(section_url(world.sheet)).content.decode()

    assert 'name="q:0-1"' not in html
    assert client.post(section_url(world.sheet), page(**{"q:0-1": "yes"})).status_code == 403


def test_a_survey_in_preparation_is_the_prefectures_alone(client, world):
    world.survey.state = "draft"
    world.survey.save()

    seen = {}
    for person in ("officer", "consultant", "bureau_staff", "staff"):
        client.force_login(getattr(world, person))
        seen[person] = client.get(section_url(world.sheet)).status_code

    assert seen == {"officer": 404, "consultant": 404, "bureau_staff": 404, "staff": 200}


def test_an_unknown_section_is_not_found(officer, world):
    assert officer.get(section_url(world.sheet, "step9")).status_code == 404


def test_going_back_never_shows_an_old_page(officer, world):
    assert "no-store" in officer.get(section_url(world.sheet))["Cache-Control"]


@pytest.mark.parametrize("answers", [1, 3])
def test_a_section_takes_the_same_queries_however_much_is_answered(officer, world, answers, django_assert_num_queries):
    last = make.make_survey(world.pref, world.survey.questionnaire, fiscal_year=2023, state="closed")
    then = make.make_response(last, world.town, state="confirmed")
    world.survey.previous = last
    world.survey.save()
    for code in ("0-1", "1-1", "1-2")[:answers]:
        answer(world.sheet, code)
        answer(then, code)
    officer.get(section_url(world.sheet))

    with django_assert_num_queries(6):  # user, membership, sheet, answers, last sheet, last answers
        officer.get(section_url(world.sheet))
