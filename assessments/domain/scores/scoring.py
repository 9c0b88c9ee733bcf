"""From answers to points, exactly: whole points a question, fractions a section, nothing rounded on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.domain.questionnaires.answers import EMPTY, Answers, AnswerValue, chosen, chosen_rows, is_answered
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec, SectionSpec

ANSWERED = "answered"
UNANSWERED = "unanswered"
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """``state`` is answered, unanswered or hidden; only an answered question earns points."""

    code: str
    section: str
    earned: int
    possible: int
    state: str


@dataclass(frozen=True, slots=True)
class SectionScore:
    """``score`` = earned / possible × worth. ``possible`` counts hidden questions too, so every response is
    measured by the same rule."""

    code: str
    kind: str
    step: int | None
    title: str
    earned: int
    possible: int
    score: Fraction
    worth: int


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """One response's result. ``asked`` and ``answered`` count the questions shown, ``required`` those among
    them that should be answered, ``unanswered_required`` those that are not."""

    total: Fraction
    maximum: int
    sections: tuple[SectionScore, ...]
    questions: tuple[QuestionScore, ...]
    asked: int
    answered: int
    required: int
    unanswered_required: int

    def section(self, code: str) -> SectionScore:
        return next(section for section in self.sections if section.code == code)

    def steps(self) -> dict[int, Fraction]:
        """Score by step number, for the priority scheme."""
        return {section.step: section.score for section in self.sections if section.step is not None}


def score(spec: QuestionnaireSpec, answers: Answers) -> ScoreCard:
    """The whole card of one response."""
    shown = visible(spec, answers)
    questions = tuple(_question_score(question, answers, question.code in shown) for question in spec.questions)
    earned: dict[str, int] = {}
    for item in questions:
        earned[item.section] = earned.get(item.section, 0) + item.earned
    sections = tuple(section_score(spec, section, earned.get(section.code, 0)) for section in spec.sections)
    states = {item.code: item.state for item in questions}
    required = [question.code for question in spec.questions if question.required and question.code in shown]
    return ScoreCard(
        total=sum((section.score for section in sections), Fraction(0)),
        maximum=maximum(spec),
        sections=sections,
        questions=questions,
        asked=len(shown),
        answered=sum(state == ANSWERED for state in states.values()),
        required=len(required),
        unanswered_required=sum(states[code] == UNANSWERED for code in required),
    )


def maximum(spec: QuestionnaireSpec) -> int:
    """The total of a response with full points."""
    return sum(section.worth for section in spec.sections)


def section_score(spec: QuestionnaireSpec, section: SectionSpec, earned: int) -> SectionScore:
    """The section's points scaled to its worth; an unscored section scores 0 of 0."""
    possible = spec.possible(section.code)
    scaled = Fraction(earned * section.worth, possible) if possible else Fraction(0)
    return SectionScore(
        section.code, section.kind, section.step, section.title, earned, possible, scaled, section.worth
    )


def points(question: QuestionSpec, value: AnswerValue) -> int:
    """What the answer earns while its question is shown: 0 to ``max_points``."""
    return min(_POINTS[question.kind](question, value), question.max_points)


def round1(value: Fraction) -> Decimal:
    """Rounded to one decimal, halves away from zero: 12.25 → 12.3, −0.25 → −0.3. For showing only."""
    tenths = (abs(value.numerator) * 20 + value.denominator) // (2 * value.denominator)
    sign = "-" if value < 0 and tenths else ""
    return Decimal(f"{sign}{tenths // 10}.{tenths % 10}")


def _question_score(question: QuestionSpec, answers: Answers, shown: bool) -> QuestionScore:
    value = answers.get(question.code, EMPTY)
    answered = is_answered(question, value)
    state = HIDDEN if not shown else ANSWERED if answered else UNANSWERED
    earned = points(question, value) if shown and answered else 0
    return QuestionScore(question.code, question.section, earned, question.max_points, state)


def _choice_points(question: QuestionSpec, code: str) -> int:
    choice = question.choice(code)
    return (choice.points or 0) if choice else 0


def _chosen_points(question: QuestionSpec, value: AnswerValue) -> int:
    return sum(_choice_points(question, code) for code in chosen(question, value))


def _row_points(question: QuestionSpec, value: AnswerValue) -> int:
    return sum(_choice_points(question, code) for code in chosen_rows(question, value).values())


def _ranked_points(question: QuestionSpec, value: AnswerValue) -> int:
    pairs = zip(question.weights, chosen(question, value), strict=False)
    return sum(weight * _choice_points(question, code) for weight, code in pairs)


def _band_points(question: QuestionSpec, value: AnswerValue) -> int:
    if not is_answered(question, value):
        return 0
    reached = [band.points for band in question.bands if band.minimum <= value.number]
    return reached[-1] if reached else 0


def _no_points(question: QuestionSpec, value: AnswerValue) -> int:
    return 0


_POINTS: dict[QuestionKind, Callable[[QuestionSpec, AnswerValue], int]] = {
    QuestionKind.SINGLE: _chosen_points,
    QuestionKind.MULTIPLE: _chosen_points,
    QuestionKind.MATRIX: _row_points,
    QuestionKind.RANKING: _ranked_points,
    QuestionKind.NUMBER: _band_points,
    QuestionKind.TEXT: _no_points,
}
