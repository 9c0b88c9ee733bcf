import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.models import Answer, Response
from tests.support.posting import answer, save_url, stored


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def test_a_save_answers_with_the_new_state_of_the_sheet(officer, world):
    answered = officer.post(save_url(world.sheet, "0-1"), {"q:0-1": "yes", "n:0-1": " 要綱\r\n ", "r:0-1": "0"})

    reply = answered.json()
    assert answered.status_code == 200
    assert (reply["answered"], reply["required"], reply["state_label"]) == (1, 2, "入力中")
    assert reply["sections"] == {
        "step0": {"answered": 1, "required": 1, "state": "done", "word": "完了"},
        "step1": {"answered": 0, "required": 1, "state": "untouched", "word": "未着手"},
    }
    assert reply["shown"] == ["0-1", "0-2", "1-1", "1-2"]
    assert (reply["saved"]["revision"], reply["saved"]["note"]) == (1, "要綱")
    assert reply["message"].endswith("分に保存しました")


def test_a_stale_save_gets_409_with_the_other_answer(officer, world):
    answer(world.sheet, "0-1", choices=["no"], note="確認済", revision=3, updated_by=world.approver)

    answered = officer.post(save_url(world.sheet, "0-1"), {"q:0-1": "yes", "n:0-1": "", "r:0-1": "2"})

    reply = answered.json()
    assert answered.status_code == 409
    assert "町 承認さんが更新しました。どちらを残すか選んでください。" in reply["message"]
    assert reply["theirs"] | {"at": ""} == {
        "revision": 3,
        "lines": ["定義していない"],
        "fields": [["q:0-1", "no"]],
        "note": "確認済",
        "at": "",
        "by": "町 承認",
    }
    assert stored(world.sheet, "0-1").choices == ["no"]


@pytest.mark.parametrize(
    ("code", "data", "status", "message"),
    [
        ("1-2", {"q:1-2": "十二"}, 422, "数字で入力してください（例：12）。入力された値：「十二」"),
        ("1-2", {"q:1-2": "－３"}, 422, "0件以上で入力してください。"),
        ("0-1", {"q:0-1": "perhaps"}, 422, "選択肢にない回答です。画面を読み込み直して選び直してください。"),
        ("0-2", {"q:0-2": "中身"}, 422, "ほかの設問への回答により、この設問は回答の対象外です。"),
        ("9-9", {"q:9-9": "x"}, 404, "この調査にない設問です。画面を読み込み直してください。"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(officer, world, code, data, status, message):
    answered = officer.post(save_url(world.sheet, code), data)

    assert (answered.status_code, answered.json()["message"]) == (status, message)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("typed", "number"), [("１，２００", 1200), ("12件", 12), (" 3 ", 3), ("", None)])
def test_numbers_are_read_as_offices_write_them(officer, world, typed, number):
    answer(world.sheet, "1-2", number=7)

    officer.post(save_url(world.sheet, "1-2"), {"q:1-2": typed, "r:1-2": "1"})

    assert stored(world.sheet, "1-2").number == number


def test_a_long_text_is_refused_whole_rather_than_cut(officer, world):
    answer(world.sheet, "0-1", choices=["yes"])

    answered = officer.post(save_url(world.sheet, "0-2"), {"q:0-2": "あ" * 2001, "r:0-2": "0"})

    assert answered.status_code == 422
    assert answered.json()["message"] == "2,000文字以内で入力してください（現在2,001文字、1文字超過）。"


def test_line_ends_do_not_count_twice(officer, world):
    answer(world.sheet, "0-1", choices=["yes"])

    answered = officer.post(save_url(world.sheet, "0-2"), {"q:0-2": "あ\r\n" * 998 + "終わり", "r:0-2": "0"})

    assert answered.status_code == 200


def test_after_the_due_date_the_save_says_so(officer, world):
    world.survey.closes_at = timezone.now() - dt.timedelta(seconds=1)
    world.survey.save()

    answered = officer.post(save_url(world.sheet, "0-1"), {"q:0-1": "yes", "r:0-1": "0"})

    assert (answered.status_code, answered.json()["error"]) == (423, "closed")
    assert "締切を過ぎた" in answered.json()["message"]


def test_a_question_that_was_not_returned_is_locked(officer, world):
    Response.objects.filter(pk=world.sheet.pk).update(state="returned", reopened_questions=["0-1"])

    answered = officer.post(save_url(world.sheet, "1-1"), {"q:1-1": "done", "r:1-1": "0"})

    assert (answered.status_code, answered.json()["error"]) == (423, "not_reopened")


def test_an_expired_session_is_told_as_json(client, world):
    answered = client.post(save_url(world.sheet, "0-1"), {"q:0-1": "yes", "r:0-1": "0"})

    assert (answered.status_code, answered.json()["error"]) == (401, "signed_out")
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("officer", 200),
        ("approver", 200),
        ("staff", 200),
        ("admin", 200),
        ("viewer", 403),
        ("bureau_staff", 403),
        ("consultant", 403),
        ("pref_viewer", 403),
        ("neighbour_officer", 404),
        ("far_bureau_staff", 404),
        ("stranger_staff", 404),
        ("nobody", 404),
    ],
)
def test_who_may_save(client, world, person, status):
    client.force_login(getattr(world, person))

    answered = client.post(save_url(world.sheet, "0-1"), {"q:0-1": "yes", "r:0-1": "0"})

    assert answered.status_code == status
    assert Answer.objects.exists() == (status == 200)


def test_a_missing_token_is_refused(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.officer)

    assert strict.post(save_url(world.sheet, "0-1"), {"q:0-1": "yes"}).status_code == 403


def test_reading_is_no_way_to_save(officer, world):
    assert officer.get(save_url(world.sheet, "0-1")).status_code == 405


@pytest.mark.parametrize("others", [0, 2])
def test_a_save_takes_the_same_few_queries_however_much_is_answered(officer, world, others, django_assert_num_queries):
    answer(world.sheet, "0-1", choices=["no"])
    for code in ("1-1", "1-2")[:others]:
        answer(world.sheet, code)
    Response.objects.filter(pk=world.sheet.pk).update(state="in_progress")
    stored_questionnaire(world.survey.questionnaire_id)
    officer.post(save_url(world.sheet, "0-1"), {"q:0-1": "yes", "r:0-1": "1"})

    # user, membership; savepoint, locked sheet, answers, UPDATE, release
    with django_assert_num_queries(7):
        answered = officer.post(save_url(world.sheet, "0-1"), {"q:0-1": "no", "r:0-1": "2"})

    assert answered.json()["saved"]["revision"] == 3
