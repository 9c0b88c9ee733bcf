"""The result of every question: who gave which answer, out of how many. The one path from answers to distributions.

A result keeps organisations rather than counts, so a figure and the named list behind it cannot differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from assessments.domain.questionnaires.answers import EMPTY, Answers, AnswerValue, chosen, chosen_rows, is_answered
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec

MOST_BINS = 6


@dataclass(frozen=True, slots=True)
class Respondent:
    """One organisation's answers and the questions that they show."""

    organization: int
    answers: Answers
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice and who took it. ``by_rank`` (rankings only): who put it first, second …; ``points`` its weights."""

    code: str
    label: str
    organizations: tuple[int, ...] = ()
    by_rank: tuple[tuple[int, ...], ...] = ()
    points: int = 0

    @property
    def count(self) -> int:
        return len(self.organizations)


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row of a matrix: its choices, and who answered the matrix but left this row open."""

    code: str
    label: str
    options: tuple[Option, ...]
    unanswered: tuple[int, ...]

    @property
    def answered(self) -> int:
        return sum(option.count for option in self.options)


@dataclass(frozen=True, slots=True)
class Bin:
    """Values from ``low`` (inclusive) to ``high`` (exclusive)."""

    low: Decimal
    high: Decimal
    organizations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """Exact mean and median; ``values`` by organisation, highest first."""

    mean: Fraction
    median: Fraction
    minimum: Decimal
    maximum: Decimal
    bins: tuple[Bin, ...]
    values: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """``asked`` = answered + unanswered; ``hidden`` were not asked (their answers did not lead there)."""

    question: QuestionSpec
    answered: tuple[int, ...]
    unanswered: tuple[int, ...]
    hidden: tuple[int, ...]
    options: tuple[Option, ...] = ()
    rows: tuple[RowResult, ...] = ()
    numbers: NumberSummary | None = None
    texts: tuple[tuple[int, str], ...] = ()

    @property
    def asked(self) -> int:
        return len(self.answered) + len(self.unanswered)

    def counts(self) -> dict[str, int]:
        """Choice code → count, in the order of the question."""
        return {option.code: option.count for option in self.options}

    def by_count(self) -> tuple[Option, ...]:
        """Options in the order in which they are shown: ladders as asked, sets of choices by count."""
        if self.question.kind == QuestionKind.MULTIPLE:
            return tuple(sorted(self.options, key=lambda option: -option.count))
        if self.question.kind == QuestionKind.RANKING:
            return tuple(sorted(self.options, key=lambda option: -option.points))
        return self.options


Given = list[tuple[int, AnswerValue]]


def respondent(spec: QuestionnaireSpec, organization: int, answers: Answers) -> Respondent:
    """A response with its conditions worked out once for all questions."""
    return Respondent(organization, answers, visible(spec, answers))


def all_results(spec: QuestionnaireSpec, respondents: Sequence[Respondent]) -> tuple[QuestionResult, ...]:
    """Every question's result, in the order of the questionnaire."""
    return tuple(question_result(question, respondents) for question in spec.questions)


def question_result(question: QuestionSpec, respondents: Iterable[Respondent]) -> QuestionResult:
    """One question over the given responses (those handed in: what to count is the caller's decision)."""
    given: Given = []
    unanswered: list[int] = []
    hidden: list[int] = []
    for town in respondents:
        value = town.answers.get(question.code, EMPTY)
        if question.code not in town.shown:
            hidden.append(town.organization)
        elif is_answered(question, value):
            given.append((town.organization, value))
        else:
            unanswered.append(town.organization)
    result = QuestionResult(
        question, tuple(organization for organization, _ in given), tuple(unanswered), tuple(hidden)
    )
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return replace(result, options=_taken(question, given))
        case QuestionKind.RANKING:
            return replace(result, options=_ranked(question, given))
        case QuestionKind.MATRIX:
            return replace(result, rows=_rows(question, given))
        case QuestionKind.NUMBER:
            values = [(organization, value.number) for organization, value in given if value.number is not None]
            return replace(result, numbers=number_summary(values) if values else None)
        case _:
            texts = tuple((organization, value.text.strip()) for organization, value in given)
            return replace(result, texts=texts)


def _taken(question: QuestionSpec, given: Given) -> tuple[Option, ...]:
    taken: dict[str, list[int]] = {choice.code: [] for choice in question.choices}
    for organization, value in given:
        for code in chosen(question, value):
            taken[code].append(organization)
    return tuple(Option(item.code, item.label, tuple(taken[item.code])) for item in question.choices)


def _ranked(question: QuestionSpec, given: Given) -> tuple[Option, ...]:
    by_rank: dict[str, list[list[int]]] = {choice.code: [[] for _ in question.weights] for choice in question.choices}
    for organization, value in given:
        for rank, code in enumerate(chosen(question, value)):
            by_rank[code][rank].append(organization)
    options = []
    for choice in question.choices:
        ranks = by_rank[choice.code]
        everyone = tuple(organization for rank in ranks for organization in rank)
        points = sum(weight * len(rank) for weight, rank in zip(question.weights, ranks, strict=True))
        options.append(Option(choice.code, choice.label, everyone, tuple(map(tuple, ranks)), points))
    return tuple(options)


def _rows(question: QuestionSpec, given: Given) -> tuple[RowResult, ...]:
    filled = [(organization, chosen_rows(question, value)) for organization, value in given]
    rows = []
    for row in question.rows:
        options = tuple(
            Option(item.code, item.label, tuple(who for who, marks in filled if marks.get(row.code) == item.code))
            for item in question.choices
        )
        missing = tuple(who for who, marks in filled if row.code not in marks)
        rows.append(RowResult(row.code, row.label, options, missing))
    return tuple(rows)


def number_summary(values: Sequence[tuple[int, Decimal]]) -> NumberSummary:
    """Of at least one value."""
    ordered = sorted(values, key=lambda pair: -pair[1])
    numbers = [Fraction(number) for _, number in ordered]
    middle = len(numbers) // 2
    median = numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2
    return NumberSummary(
        mean=sum(numbers, Fraction(0)) / len(numbers),
        median=median,
        minimum=ordered[-1][1],
        maximum=ordered[0][1],
        bins=bins_of(ordered),
        values=tuple(ordered),
    )


def bins_of(values: Sequence[tuple[int, Decimal]]) -> tuple[Bin, ...]:
    """At most six classes of one round width (1, 2 or 5 × a power of ten) that hold every value, highest value first."""
    lowest = values[-1][1]
    highest = values[0][1]
    width = _round_width((highest - lowest) / MOST_BINS)
    # Classes begin at round numbers, so the values may reach into a seventh one: then the next width is tried.
    while _start(highest, width) - _start(lowest, width) >= width * MOST_BINS:
        width = _round_width(width * Decimal("1.01"))
    bins = []
    low = _start(lowest, width)
    while low <= highest:
        high = low + width
        bins.append(Bin(low, high, tuple(who for who, number in values if low <= number < high)))
        low = high
    return tuple(bins)


def _start(number: Decimal, width: Decimal) -> Decimal:
    """The lower edge of the class that holds the number."""
    return (number / width).to_integral_value(rounding="ROUND_FLOOR") * width


def _round_width(least: Decimal) -> Decimal:
    """The smallest of 1, 2, 5, 10 … that is at least ``least``; never below 1."""
    power = Decimal(1)
    while True:
        for step in (1, 2, 5):
            if power * step >= least:
                return power * step
        power *= 10
