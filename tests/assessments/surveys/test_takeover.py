"""One rule says which earlier answers can be given again: to the button, the review round and the lists."""

import dataclasses
import time
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.loading import load_questionnaire
from assessments.domain.questionnaires.questionnaire_file import parse
from assessments.domain.questionnaires.spec import ChoiceSpec, QuestionKind, QuestionSpec, RowSpec
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.surveys import moves
from assessments.domain.surveys.takeover import QuestionPair, question_pairs
from assessments.models import Answer, Response
from dxportal.core.taxonomy.models import Area
from tests.support import factories as make
from tests.support.posting import give, section_url, url

SHEET = """\
code: review-round
version: "{version}"
fiscal_year: 2026
title: 見直し試験
sections:
  - code: step0
    kind: step
    step: 0
    title: Step0
    worth: 30
    questions:
      - code: 0-1
        key: plan
        type: single
        short: 計画
        wording: {wording}
        area: ai
        choices:
          - {{code: a, label: {a}, points: 30}}
          - {{code: b, label: {b}, points: 0}}
      - code: 0-2
        key: rate
        type: number
        short: 割合
        wording: 割合を答えてください。
        area: ai
        unit: "%"
        minimum: 0
        maximum: {maximum}
        bands: [{{minimum: 0, points: 0}}, {{minimum: 5, points: 30}}]
      - code: 0-3
        key: why
        type: text
        short: 理由
        wording: 理由を書いてください。
        required: false
        when: {{question: 0-1, any_of: [b]}}
"""
THEN = {"version": "A", "wording": "策定しましたか。", "a": "策定した", "b": "していない", "maximum": 100}
NOW = {"version": "B", "wording": "見直しますか。", "a": "予定がない", "b": "予定がある", "maximum": 10}


def questionnaire(values):
    Area.objects.get_or_create(code="ai", defaults={"name": "AI"})
    return load_questionnaire(parse(SHEET.format(**values))).questionnaire


def opened(world, now=NOW, **answers):
    """The town's answers of a first round, and the review round opened on them."""
    first = make.make_survey(world.pref, questionnaire(THEN), state="closed")
    then = make.make_response(first, world.town, state="confirmed")
    for code, value in answers.items():
        give(then, code.replace("_", "-").removeprefix("q"), user=world.officer, **value)
    review = make.make_survey(world.pref, questionnaire(now), state="draft", round="review", previous=first)
    moves.open_survey(review.pk, user=world.staff)
    return Response.objects.select_related("survey").get(survey=review, organization=world.town)


def read(client, user, address):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_review_round_leaves_behind_what_means_something_else_or_is_out_of_range(client, world):
    sheet = opened(world, q0_1={"choices": ["a"], "note": "令和5年に策定"}, q0_2={"number": Decimal(80)})

    assert not Answer.objects.filter(response=sheet).exists()
    officer = read(client, world.officer, url("response_detail", sheet))
    assert "引き継がなかった回答" in officer
    assert "「策定した」は、いまは「予定がない」です" in officer
    assert "令和5年に策定" in officer
    assert "80%" in officer
    assert "10%以下で入力してください" in officer
    section = read(client, world.officer, section_url(sheet))
    assert "そのままは引き継げません：選択肢「策定した」は" in section
    assert "data-copy" not in section.split("question-0-2")[1].split("</fieldset>")[0]


def test_staff_see_how_many_and_why_on_the_page_and_in_the_file(client, world):
    sheet = opened(world, q0_1={"choices": ["a"]}, q0_2={"number": Decimal(80)})
    address = reverse("assessments:survey_takeover", args=[sheet.survey_id])

    survey = read(client, world.staff, reverse("assessments:survey_detail", args=[sheet.survey_id]))
    listed = read(client, world.staff, address)
    file = read(client, world.staff, f"{address}?format=csv")

    assert "1団体・2問の2件は" in survey
    assert address in survey
    assert "選択肢の意味が変わった" in listed
    assert "いまの範囲や選び方に合わない" in listed
    assert world.town.name in listed
    assert "策定した" in file
    assert "10%以下" in file


def test_what_still_means_the_same_is_carried_over_and_counted(client, world):
    sheet = opened(world, THEN | {"version": "B"}, q0_1={"choices": ["b"]}, q0_2={"number": Decimal(8)})

    assert [(a.question.code, a.choices, a.number) for a in sheet.answers.order_by("question__code")] == [
        ("0-1", ["b"], None),
        ("0-2", [], Decimal(8)),
    ]
    assert (sheet.answered, sheet.required) == (2, 2)
    assert "引き継がなかった回答" not in read(client, world.officer, url("response_detail", sheet))


def test_an_answer_to_a_question_that_was_hidden_then_stays_behind(client, world):
    sheet = opened(world, THEN | {"version": "B"}, q0_1={"choices": ["a"]}, q0_3={"text": "予算がない"})

    assert [answer.question.code for answer in sheet.answers.all()] == ["0-1"]
    page = read(client, world.officer, url("response_detail", sheet))
    assert "予算がない" in page
    assert "対象外だった設問です" in page


def test_an_answer_to_a_question_that_reads_otherwise_is_taken_over_to_be_looked_at(client, world):
    sheet = opened(world, THEN | {"version": "B", "wording": "廃止しましたか。"}, q0_1={"choices": ["a"]})

    assert sheet.answers.get().choices == ["a"]
    page = read(client, world.officer, url("response_detail", sheet))
    assert "要確認：設問文が変わりました（前の設問文：策定しましたか。）" in page


def test_an_answer_whose_question_the_others_hide_now_stays_behind(client, world):
    """Its condition asked for a choice that means something else: taken over, it would wait where nobody looks."""
    sheet = opened(world, NOW, q0_1={"choices": ["b"]}, q0_2={"number": Decimal(8)}, q0_3={"text": "予算がない"})

    assert [answer.question.code for answer in sheet.answers.all()] == ["0-2"]
    page = read(client, world.officer, url("response_detail", sheet))
    assert "予算がない" in page
    assert "引き継いだほかの回答では、対象外の設問です" in page
    listed = read(client, world.staff, reverse("assessments:survey_takeover", args=[sheet.survey_id]))
    assert "引き継いだほかの回答では対象外の設問" in listed
    # Once it is asked, what was said then is offered beside it.
    give(sheet, "0-1", user=world.officer, choices=["b"])
    assert "data-copy" in read(client, world.officer, section_url(sheet)).split("question-0-3")[1]


CHOICES = (ChoiceSpec("a", "済"), ChoiceSpec("b", "未"), ChoiceSpec("c", "不明"))
ROWS = (RowSpec("x", "窓口"), RowSpec("y", "内部"))


def spec(kind, **values):
    return QuestionSpec("1-1", "key", QuestionKind(kind), "step1", wording="令和5年度の状況", **values)


@pytest.mark.parametrize(
    ("old", "change", "given", "reason"),
    [
        (spec("text"), {"kind": QuestionKind.NUMBER}, AnswerValue(text="3"), "kind"),
        (spec("number", unit="%"), {"unit": "人"}, AnswerValue(number=Decimal(3)), "unit"),
        (spec("number"), {"minimum": Decimal(5)}, AnswerValue(number=Decimal(3)), "limits"),
        (spec("text"), {}, AnswerValue(text="あ" * 2001), "limits"),
        (spec("multiple", choices=CHOICES), {"choices": CHOICES[:1]}, AnswerValue(("a", "b")), "choices"),
        (
            spec("multiple", choices=CHOICES),
            {"choices": (*CHOICES[:2], ChoiceSpec("c", "不明", exclusive=True))},
            AnswerValue(("a", "c")),
            "limits",
        ),
        (spec("ranking", choices=CHOICES, weights=(2, 1)), {"weights": (1,)}, AnswerValue(("a", "b")), "limits"),
        (
            spec("ranking", choices=CHOICES, weights=(2, 1)),
            {"choices": (ChoiceSpec("a", "未"), ChoiceSpec("b", "済"))},
            AnswerValue(("b", "a")),
            "choices",
        ),
        (
            spec("matrix", choices=CHOICES, rows=ROWS),
            {"rows": (RowSpec("x", "内部"), RowSpec("y", "窓口"))},
            AnswerValue(rows=(("x", "a"),)),
            "rows",
        ),
        (spec("matrix", choices=CHOICES, rows=ROWS), {"rows": ROWS[:1]}, AnswerValue(rows=(("y", "a"),)), "rows"),
    ],
)
def test_what_does_not_fit_any_more_says_why(old, change, given, reason):
    kept = QuestionPair(old, old).decide(given)
    left = QuestionPair(old, dataclasses.replace(old, **change)).decide(given)

    assert reason == "limits" or kept.value == given
    assert (left.value, left.reason) == (None, reason)
    assert left.why


def test_another_year_width_or_space_is_no_other_meaning():
    old = spec("single", choices=(ChoiceSpec("a", "AI 活用"),))
    new = dataclasses.replace(old, wording="令和６年度の状況", choices=(ChoiceSpec("a", "ＡＩ活用"), *CHOICES[1:]))

    assert QuestionPair(old, new).decide(AnswerValue(("a",))).reason is None


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        ("令和5年度末の件数", "令和６年度末の件数", True),
        ("R5.4.1現在", "R6.4.1現在", True),
        ("2023年の状況", "2024 年の状況", True),
        ("3件以上ありますか。", "10件以上ありますか。", False),
        ("5年以上続けていますか。", "10年以上続けていますか。", False),
        ("4月1日現在", "10月1日現在", False),
    ],
)
def test_only_the_year_of_a_wording_may_differ(then, now, same):
    old = dataclasses.replace(spec("text"), wording=then)
    decided = QuestionPair(old, dataclasses.replace(old, wording=now)).decide(AnswerValue(text="はい"))
    assert decided.value == AnswerValue(text="はい")
    assert (decided.reason is None) is same


def test_a_note_goes_with_its_answer_and_alone():
    old = spec("single", choices=CHOICES)
    gone = QuestionPair(old, None)

    assert QuestionPair(old, old).decide(AnswerValue(), "調査中").value == AnswerValue()
    assert QuestionPair(old, old).decide(AnswerValue(), " ") is None
    assert gone.decide(AnswerValue(("a",))).reason == "gone"


def test_a_nation_of_answers_is_judged_in_seconds(world):
    spec_now = stored_questionnaire(questionnaire(THEN).pk).spec
    pairs = question_pairs(spec_now, spec_now)
    given = AnswerValue(("a",))

    before = time.process_time()
    for _ in range(1741 * 66):
        pairs["0-1"].decide(given, "根拠は要綱")

    assert time.process_time() - before < 10
