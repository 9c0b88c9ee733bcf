from io import StringIO

import pytest
from django.core.management import call_command

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.questionnaire_file import parse
from assessments.domain.questionnaires.spec import QuestionKind
from assessments.domain.scores.scoring import round1, score
from assessments.domain.tiers.rules import tier_for
from assessments.domain.tiers.scheme_file import parse_scheme
from dxportal.settings import BASE_DIR

DOC = (BASE_DIR / "docs/scoring.md").read_text(encoding="utf-8")


def scheme(name):
    return parse_scheme((BASE_DIR / f"fixtures/schemes/{name}.yaml").read_text(encoding="utf-8"))[0]


def test_the_points_in_the_docs_are_those_of_the_questionnaire():
    out = StringIO()
    call_command("print_points", BASE_DIR / "fixtures/questionnaires/dx-maturity-2024.yaml", stdout=out)

    block = DOC[DOC.index("<!-- points -->") : DOC.index("<!-- /points -->")]
    assert block.removeprefix("<!-- points -->").strip() == out.getvalue().strip()


def test_the_tiers_in_the_docs_are_those_of_the_scheme():
    for band in scheme("tiers").bands:
        assert f"| {band.tier} {band.name} | {band.minimum} or more |" in DOC


def test_the_priority_thresholds_in_the_docs_are_those_of_the_scheme():
    for rule in scheme("priority").steps:
        row = f"| {rule.step} | {rule.priority_at_most} or less | {rule.support_at_most} or less | {rule.support} |"
        assert row in DOC


def answer_at(question, rung):
    """The answer on one rung from the top; of a set of choices three on the second rung and one on the third."""
    if question.kind == QuestionKind.TEXT:
        return AnswerValue()
    if question.kind == QuestionKind.NUMBER:
        return AnswerValue(number=question.bands[-1 - rung].minimum)
    if question.kind == QuestionKind.MULTIPLE:
        return AnswerValue(choices=tuple(choice.code for choice in question.choices[: {1: 3, 2: 1}[rung]]))
    if question.kind == QuestionKind.MATRIX:
        return AnswerValue(rows=tuple((row.code, question.choices[rung].code) for row in question.rows))
    ladder = sorted(question.choices, key=lambda choice: -(choice.points or 0))
    return AnswerValue(choices=(ladder[min(rung, len(ladder) - 1)].code,))


@pytest.mark.parametrize(("rung", "total", "tier"), [(1, "134.3", 3), (2, "59.3", 1)])
def test_sheets_of_plans_and_of_wishes_fall_below_the_thresholds_as_the_docs_say(rung, total, tier):
    spec = parse((BASE_DIR / "fixtures/questionnaires/dx-maturity-2024.yaml").read_text(encoding="utf-8"))

    card = score(spec, {question.code: answer_at(question, rung) for question in spec.questions})

    assert str(round1(card.total)) == total
    assert f"everywhere is {total} points" in DOC
    assert tier_for(scheme("tiers"), card.total).tier == tier
