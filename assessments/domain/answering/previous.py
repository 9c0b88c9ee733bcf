"""What the same municipality answered last time, matched to this questionnaire by the questions' stable keys."""

from dataclasses import dataclass, field, replace
from functools import cached_property

from assessments.domain.questionnaires.answers import Answers, AnswerValue, chosen_rows, is_answered
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.stored import ANSWER_COLUMNS, stored_questionnaire, value_from
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.surveys.takeover import QuestionPair, Takeover, judge, question_pairs
from assessments.enums import HANDED_IN_STATES, SurveyRound
from assessments.models import Answer, Response, Survey
from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.successions import with_predecessors
from dxportal.core.ui.japanese import fiscal_label


@dataclass(frozen=True)
class PreviousAnswer:
    """What was ``given`` to the old question of the pair; worked out when asked for, since a page shows one section of
    many. ``shown``: whether the answers of then showed the question. ``judged``: what became of it among all others."""

    pair: QuestionPair
    given: AnswerValue
    note: str
    shown: bool = True
    judged: Takeover | None = None

    @property
    def old(self) -> QuestionSpec:
        return self.pair.old

    @property
    def question(self) -> QuestionSpec | None:
        return self.pair.question

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """As people read it; empty when unanswered."""
        return answer_lines(self.old, self.given)

    @cached_property
    def takeover(self) -> Takeover:
        return self.judged or self.pair.decide(self.given, self.note, shown=self.shown) or Takeover()

    @property
    def value(self) -> AnswerValue | None:
        """Where it can be given again as it is."""
        return self.takeover.value if is_answered(self.old, self.given) else None

    @property
    def why(self) -> str:
        """Why it stays behind, or is to be looked at; "" where nothing is to be said."""
        return self.takeover.why

    @cached_property
    def cells(self) -> dict[str, str]:
        """A matrix's answers by row code."""
        marks = chosen_rows(self.old, self.given).items()
        return {row: choice.label for row, code in marks if (choice := self.old.choice(code))}


@dataclass(frozen=True)
class Previous:
    """``label`` names the survey as the officer knows it; ``by_code`` goes by the codes of this questionnaire."""

    label: str
    spec: QuestionnaireSpec
    answers: Answers
    by_code: dict[str, PreviousAnswer] = field(default_factory=dict)
    everything: tuple[PreviousAnswer, ...] = ()
    review: bool = False

    @cached_property
    def left(self) -> list[PreviousAnswer]:
        """What stays behind, in the order in which it was asked then."""
        return [answer for answer in self.everything if answer.why and answer.takeover.value is None]

    @cached_property
    def doubtful(self) -> list[PreviousAnswer]:
        """What is taken over but was said of a question that reads otherwise now."""
        return [answer for answer in self.everything if answer.why and answer.takeover.value is not None]


@dataclass(frozen=True)
class Earlier:
    """What was answered in the survey before: by the municipality itself, and by each in whose place it stands.

    The latter are read beside the questions, each under its name, and never taken over: two answers are one only by
    the officer's own decision.
    """

    own: Previous | None = None
    inherited: tuple[tuple[Response, Previous], ...] = ()


def earlier_of(response: Response) -> Earlier:
    """Nothing where the survey names no earlier one, or nobody took part in it. A query, and one a sheet."""
    itself = Organization.objects.filter(pk=response.organization_id).values("pk")
    sheets = Response.objects.filter(
        organization__in=with_predecessors(itself),
        survey__followers=response.survey_id,
        survey__questionnaire__isnull=False,
    )
    own, inherited = None, []
    for earlier in sheets.select_related("survey", "organization").order_by("organization__sort_order", "pk"):
        if earlier.organization_id == response.organization_id:
            own = _previous(response, earlier)
        else:
            inherited.append((earlier, _previous(response, earlier, f"旧{earlier.organization.name}の")))
    return Earlier(own, tuple(inherited))


def previous_of(response: Response) -> Previous | None:
    """The municipality's own."""
    return earlier_of(response).own


def _previous(response: Response, earlier: Response, whose: str = "") -> Previous:
    then = stored_questionnaire(earlier.survey.questionnaire_id)
    now = stored_questionnaire(response.survey.questionnaire_id)
    rows = Answer.objects.filter(response=earlier.pk).values_list(*ANSWER_COLUMNS, "note")
    given = {then.codes[row[0]]: (value_from(*row[1:-1]), row[-1]) for row in rows}
    answers = {code: value for code, (value, _) in given.items()}
    # An answer stays stored when another one hides its question later; then it was not handed in as one.
    shown = visible(then.spec, answers)
    pairs = question_pairs(then.spec, now.spec)
    everything = tuple(
        PreviousAnswer(pairs[old.code], *given[old.code], shown=old.code in shown)
        for old in then.spec.questions
        if old.code in given
    )
    # The button stands beside questions that are asked: what was left behind as hidden may be given there.
    by_code = {answer.question.code: answer for answer in everything if answer.question and answer.shown}
    review = response.survey.round == SurveyRound.REVIEW
    if review:
        judged = judge(pairs, now.spec, given, shown)
        everything = tuple(replace(answer, judged=judged.get(answer.old.code)) for answer in everything)
    return Previous(f"{whose}{_label(earlier, response.survey)}", then.spec, answers, by_code, everything, review)


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
