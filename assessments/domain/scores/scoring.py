"""From answers to points, exactly: whole points a question, fractions a section, nothing rounded on the way."""

from collections import Counter
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
    """One response's result. ``shown`` and ``answered`` count questions, ``required`` those among
    them that should be answered, ``unanswered_required`` those that are not."""

    total: Fraction
    maximum: int
    sections: tuple[SectionScore, ...]
    questions: tuple[QuestionScore, ...]
    shown: int
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
    questions = []
    earned: Counter[str] = Counter()
    for question in spec.questions:
        value = answers.get(question.code, EMPTY)
        state = HIDDEN if question.code not in shown else ANSWERED if is_answered(question, value) else UNANSWERED
        own = points(question, value) if state == ANSWERED else 0
        earned[question.section] += own
        questions.append(QuestionScore(question.code, question.section, own, question.max_points, state))
    sections = tuple(section_score(spec, section, earned[section.code]) for section in spec.sections)
    states = {item.code: item.state for item in questions}
    required = [question.code for question in spec.questions if question.required and question.code in shown]
    return ScoreCard(
        total=sum((section.score for section in sections), Fraction(0)),
        maximum=maximum(spec),
        sections=sections,
        questions=tuple(questions),
        shown=len(shown),
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
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            earned = sum(_choice_points(question, code) for code in chosen(question, value))
        case QuestionKind.MATRIX:
            earned = sum(_choice_points(question, code) for code in chosen_rows(question, value).values())
        case QuestionKind.RANKING:
            pairs = zip(question.weights, chosen(question, value), strict=False)
            earned = sum(weight * _choice_points(question, code) for weight, code in pairs)
        case QuestionKind.NUMBER if value.number is not None and value.number.is_finite():
            # Bands rise, so the last one that the number reaches is the highest.
            earned = next((band.points for band in reversed(question.bands) if band.minimum <= value.number), 0)
        case _:
            earned = 0
    return min(earned, question.max_points)


def round1(value: Fraction) -> Decimal:
    """Rounded to one decimal, halves away from zero: 12.25 → 12.3, −0.25 → −0.3. For showing only."""
    tenths = (abs(value.numerator) * 20 + value.denominator) // (2 * value.denominator)
    sign = "-" if value < 0 and tenths else ""
    return Decimal(f"{sign}{tenths // 10}.{tenths % 10}")


def _choice_points(question: QuestionSpec, code: str) -> int:
    choice = question.choice(code)
    return (choice.points or 0) if choice else 0
