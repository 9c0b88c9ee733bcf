"""What the same municipality answered last time, matched to this questionnaire by the questions' stable keys."""

from dataclasses import dataclass, field
from functools import cached_property

from assessments.domain.questionnaires.answers import Answers, AnswerValue, check, chosen_rows, is_answered
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.stored import ANSWER_COLUMNS, stored_questionnaire, value_from
from assessments.domain.questionnaires.wording import answer_lines
from assessments.enums import HANDED_IN_STATES, SurveyRound
from assessments.models import Answer, Response, Survey
from dxportal.core.ui.japanese import fiscal_label


@dataclass(frozen=True)
class PreviousAnswer:
    """``given`` to the ``old`` question; worked out when asked for, since a page shows one section of many."""

    question: QuestionSpec
    old: QuestionSpec
    given: AnswerValue
    note: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """As people read it; empty when unanswered."""
        return answer_lines(self.old, self.given)

    @cached_property
    def value(self) -> AnswerValue | None:
        """Where it can be given again as it is: same kind, same choices, nothing against it."""
        if self.question.kind != self.old.kind or not is_answered(self.old, self.given):
            return None
        if check(self.question, self.given):
            return None
        # A code may mean another choice by now: what was chosen must read the same.
        taken = {*self.given.choices, *dict(self.given.rows).values()}
        labels = {choice.code: choice.label for choice in self.question.choices}
        same = all(labels.get(choice.code) == choice.label for choice in self.old.choices if choice.code in taken)
        return self.given if same else None

    @cached_property
    def cells(self) -> dict[str, str]:
        """A matrix's answers by row code."""
        marks = chosen_rows(self.old, self.given).items()
        return {row: choice.label for row, code in marks if (choice := self.old.choice(code))}


@dataclass(frozen=True, slots=True)
class Previous:
    """``label`` names the survey as the officer knows it; ``by_code`` goes by the codes of this questionnaire."""

    label: str
    spec: QuestionnaireSpec
    answers: Answers
    by_code: dict[str, PreviousAnswer] = field(default_factory=dict)


def previous_of(response: Response) -> Previous | None:
    """None when the survey names no earlier one, or the municipality took no part in it. Two queries at most."""
    earlier = (
        Response.objects.filter(organization=response.organization_id, survey__followers=response.survey_id)
        .select_related("survey")
        .first()
    )
    if earlier is None or earlier.survey.questionnaire_id is None:
        return None
    then = stored_questionnaire(earlier.survey.questionnaire_id)
    now = stored_questionnaire(response.survey.questionnaire_id)
    rows = Answer.objects.filter(response=earlier.pk).values_list(*ANSWER_COLUMNS, "note")
    given = {then.codes[row[0]]: (value_from(*row[1:-1]), row[-1]) for row in rows}
    answers = {code: value for code, (value, _) in given.items()}
    # An answer stays stored when another one hides its question later; then it was not handed in as one.
    shown = visible(then.spec, answers)
    by_key = {question.key: question for question in now.spec.questions}
    by_code = {}
    for old in then.spec.questions:
        question = by_key.get(old.key)
        if question and old.code in shown and old.code in given:
            by_code[question.code] = PreviousAnswer(question, old, *given[old.code])
    return Previous(_label(earlier, response.survey), then.spec, answers, by_code)


def _label(earlier: Response, survey: Survey) -> str:
    """「昨年度（令和5年度）」, 「初回」 in a review round, else the year."""
    if survey.round == SurveyRound.REVIEW and earlier.survey.fiscal_year == survey.fiscal_year:
        label = "初回"
    elif earlier.survey.fiscal_year == survey.fiscal_year - 1:
        label = f"昨年度（{_year(earlier)}）"
    else:
        label = f"前回（{_year(earlier)}）"
    return label if earlier.state in HANDED_IN_STATES else f"{label}・未提出"


def _year(response: Response) -> str:
    return fiscal_label(response.survey.fiscal_year).split("（")[0]
