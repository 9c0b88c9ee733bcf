"""The result of each question as it is stored, how it is computed, and how it follows a few changed responses. Pure.

A stored result names the municipalities behind each figure, so a count and the list behind it cannot differ.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.domain.scores.results import (
    NumberSummary,
    Option,
    QuestionResult,
    Respondent,
    all_results,
    number_summary,
    question_result,
)
from dxportal.core.organizations.then import placed
from dxportal.portal.domain.snapshots.facts import Facts, SurveyFacts, previous_of
from dxportal.portal.domain.surveys import SurveyHead
from dxportal.portal.domain.values import Exact, Figures

Towns = tuple[int, ...]
Rank = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class OptionCount:
    """A choice and who took it. ``ranked`` (rankings only): how many put it first, second …, and who;
    ``worth``: the points that it earns.
    """

    code: str
    label: str
    count: int
    towns: Towns
    worth: int | None = None
    points: int = 0
    ranks: tuple[int, ...] = ()
    ranked: tuple[Towns, ...] = ()


@dataclass(frozen=True, slots=True)
class RowCount:
    """One row of a matrix; ``unanswered``: those who answered the matrix but left this row open."""

    code: str
    label: str
    options: tuple[OptionCount, ...]
    unanswered_count: int
    unanswered: Towns

    @property
    def answered(self) -> int:
        return sum(option.count for option in self.options)


@dataclass(frozen=True, slots=True)
class NumberClass:
    """Values from ``low`` (inclusive) to ``high`` (exclusive); ``count`` is None where it would tell too much."""

    low: Decimal
    high: Decimal
    count: int | None
    towns: Towns


@dataclass(frozen=True, slots=True)
class NumberFigures:
    mean: Exact
    median: Exact
    minimum: Decimal | None
    maximum: Decimal | None
    classes: tuple[NumberClass, ...]
    values: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class LastResult:
    """The same question last time. ``counts``: this time's choice → its count then, None where there was none."""

    survey: SurveyHead
    target_count: int
    answered: int
    comparable: bool
    counts: dict[str, int | None]
    median: Exact | None


@dataclass(frozen=True, slots=True)
class QuestionFigures(Figures):
    """One question's result. 対象 n = answered + unanswered; those not asked are ``skipped``.

    ``before`` and ``after``: the codes of the questions beside it.
    """

    survey: SurveyHead
    members: int
    handed_in: int
    before: str
    after: str
    code: str
    key: str
    short: str
    wording: str
    help: str
    kind: str
    section: str
    personal: bool
    unit: str
    conditional: bool
    max_points: int
    answered_count: int
    unanswered_count: int
    skipped_count: int
    answered: Towns
    unanswered: Towns
    skipped: Towns
    options: tuple[OptionCount, ...]
    rows: tuple[RowCount, ...]
    numbers: NumberFigures | None
    texts: tuple[tuple[int, str], ...]
    texts_withheld: int
    last: LastResult | None

    @property
    def target_count(self) -> int:
        return self.answered_count + self.unanswered_count

    @property
    def options_shown(self) -> tuple[OptionCount, ...]:
        """In the order in which they are shown: ladders as asked, sets of choices by count."""
        if self.kind == QuestionKind.MULTIPLE:
            return tuple(sorted(self.options, key=lambda option: -option.count))
        if self.kind == QuestionKind.RANKING:
            return tuple(sorted(self.options, key=lambda option: -option.points))
        return self.options


@dataclass(frozen=True, slots=True)
class IndexRow:
    """The result in a few figures: the most frequent choice, the median, the number of texts, the rows of a matrix.

    ``target_count`` and ``answered`` are None where the reader may not know them yet.
    """

    code: str
    short: str
    kind: str
    unit: str
    target_count: int | None
    answered: int | None
    median: Exact | None = None
    texts: int = 0
    rows: int = 0
    top: str = ""
    top_count: int = 0


@dataclass(frozen=True, slots=True)
class IndexSection:
    """``personal``: asked of the person who answers."""

    code: str
    title: str
    personal: bool
    questions: tuple[IndexRow, ...]


@dataclass(frozen=True, slots=True)
class QuestionIndex(Figures):
    survey: SurveyHead
    members: int
    handed_in: int
    sections: tuple[IndexSection, ...]


@dataclass(frozen=True, slots=True)
class NamedTown:
    """``mark`` changes with the response: what has the same mark need not be read again."""

    id: int
    name: str
    code: str
    mark: str = ""
    now: str = ""

    @property
    def shown(self) -> str:
        return placed(self.name, self.now)


@dataclass(frozen=True, slots=True)
class Respondents(Figures):
    """Who handed in, by name; members of a group from another prefecture are counted but have no ``name``."""

    survey: SurveyHead
    towns: tuple[NamedTown, ...]

    @property
    def names(self) -> dict[int, NamedTown]:
        return {town.id: town for town in self.towns if town.name}


def questions_of(facts: Facts, survey: SurveyFacts) -> tuple[QuestionFigures, ...]:
    """Every question's result, in the order of the questionnaire."""
    spec = survey.spec
    if spec is None:
        return ()
    previous = previous_of(facts.surveys, survey)
    earlier = {}
    if previous and previous.spec:
        results = all_results(previous.spec, list(previous.respondents.values()))
        earlier = {result.question.key: result for result in results}
    blank = [_blank(survey, spec, at) for at in range(len(spec.questions))]
    results = all_results(spec, list(survey.respondents.values()))
    questions = [_with_result(question, result) for question, result in zip(blank, results, strict=True)]
    return tuple(
        replace(question, last=_last(previous.head, result, earlier[result.question.key]))
        if previous and result.question.key in earlier
        else question
        for question, result in zip(questions, results, strict=True)
    )


def follow(
    question: QuestionFigures, spec: QuestionSpec, changed: frozenset[int], fresh: Sequence[Respondent], rank: Rank
) -> QuestionFigures:
    """The result with the answers of the ``changed`` municipalities taken out and their ``fresh`` ones put in.

    ``rank``: a municipality's place in the order of the survey, so that the lists come out as computed anew.
    """
    result = question_result(spec, fresh)

    # Taken out before it is put in: a municipality that is followed twice is still counted once.
    def joined(before: Iterable[int], added: Iterable[int]) -> Towns:
        return tuple(sorted([town for town in before if town not in changed] + list(added), key=rank))

    def option(before: OptionCount, added: Option) -> OptionCount:
        if spec.kind != QuestionKind.RANKING:
            towns = joined(before.towns, added.organizations)
            return replace(before, count=len(towns), towns=towns)
        ranked = tuple(joined(*place) for place in zip(before.ranked, added.by_rank, strict=True))
        return _ranked(spec, before, ranked)

    texts = [(town, text) for town, text in question.texts if town not in changed] + list(result.texts)
    options = tuple(option(before, added) for before, added in zip(question.options, result.options, strict=True))
    rows = []
    for row, added in zip(question.rows, result.rows, strict=True):
        counted = replace(row, options=tuple(map(option, row.options, added.options)))
        rows.append(_row(counted, joined(row.unanswered, added.unanswered)))
    return _counted(
        replace(
            question,
            answered=joined(question.answered, result.answered),
            unanswered=joined(question.unanswered, result.unanswered),
            skipped=joined(question.skipped, result.hidden),
            options=options,
            rows=tuple(rows),
            numbers=_numbers_followed(question, changed, result, rank),
            texts=tuple(sorted(texts, key=lambda pair: rank(pair[0]))),
        )
    )


def _numbers_followed(
    question: QuestionFigures, changed: frozenset[int], result: QuestionResult, rank: Rank
) -> NumberFigures | None:
    before = question.numbers.values if question.numbers else ()
    kept = [(town, number) for town, number in before if town not in changed]
    added = result.numbers.values if result.numbers else ()
    # A median can't be moved on by what changed: the stored values are summed up anew.
    values = sorted([*kept, *added], key=lambda pair: rank(pair[0]))
    return _numbers(number_summary(values)) if values else None


def index_of(survey: SurveyFacts, spec: QuestionnaireSpec, questions: Sequence[QuestionFigures]) -> QuestionIndex:
    by_code = {question.code: question for question in questions}
    return QuestionIndex(
        survey=survey.head,
        members=len(survey.members),
        handed_in=len(survey.marks),
        sections=tuple(
            IndexSection(
                section.code,
                section.title,
                section.kind == PERSONAL,
                tuple(_index_row(by_code[question.code]) for question in spec.in_section(section.code)),
            )
            for section in spec.sections
        ),
    )


PERSONAL = "profile"  # the kind of the section that asks about the person who answers


def respondents_of(facts: Facts, survey: SurveyFacts, towns: Iterable[int]) -> Respondents:
    """Those of ``towns`` who handed in."""
    named = []
    for town in (facts.town(town, survey) for town in towns if town in survey.marks):
        own = town.prefecture_id == facts.prefecture_id
        blank = NamedTown(town.id, "", "", survey.marks[town.id])
        named.append(replace(blank, name=town.name, code=town.code, now=town.now) if own else blank)
    return Respondents(survey.head, tuple(named))


def _blank(survey: SurveyFacts, spec: QuestionnaireSpec, at: int) -> QuestionFigures:
    question = spec.questions[at]
    section = next(section for section in spec.sections if section.code == question.section)
    return QuestionFigures(
        survey=survey.head,
        members=len(survey.members),
        handed_in=len(survey.respondents),
        before=spec.questions[at - 1].code if at else "",
        after=spec.questions[at + 1].code if at + 1 < len(spec.questions) else "",
        code=question.code,
        key=question.key,
        short=question.short,
        wording=question.wording,
        help=question.help,
        kind=str(question.kind),
        section=section.title,
        personal=section.kind == PERSONAL,
        unit=question.unit,
        conditional=question.condition is not None,
        max_points=question.max_points,
        answered_count=0,
        unanswered_count=0,
        skipped_count=0,
        answered=(),
        unanswered=(),
        skipped=(),
        options=(),
        rows=(),
        numbers=None,
        texts=(),
        texts_withheld=0,
        last=None,
    )


def _with_result(question: QuestionFigures, result: QuestionResult) -> QuestionFigures:
    spec = result.question
    return _counted(
        replace(
            question,
            answered=result.answered,
            unanswered=result.unanswered,
            skipped=result.hidden,
            options=tuple(_option(spec, option) for option in result.options),
            rows=tuple(
                _row(
                    RowCount(row.code, row.label, tuple(_option(spec, option) for option in row.options), 0, ()),
                    row.unanswered,
                )
                for row in result.rows
            ),
            numbers=_numbers(result.numbers) if result.numbers else None,
            texts=result.texts,
        )
    )


def _counted(question: QuestionFigures) -> QuestionFigures:
    return replace(
        question,
        answered_count=len(question.answered),
        unanswered_count=len(question.unanswered),
        skipped_count=len(question.skipped),
    )


def _option(spec: QuestionSpec, option: Option) -> OptionCount:
    choice = spec.choice(option.code) if spec.scored and spec.kind != QuestionKind.MATRIX else None
    count = OptionCount(
        option.code, option.label, option.count, option.organizations, choice.points if choice else None
    )
    return _ranked(spec, count, option.by_rank) if spec.kind == QuestionKind.RANKING else count


def _ranked(spec: QuestionSpec, option: OptionCount, ranked: tuple[Towns, ...]) -> OptionCount:
    towns = tuple(town for place in ranked for town in place)
    points = sum(weight * len(place) for weight, place in zip(spec.weights, ranked, strict=True))
    ranks = tuple(len(place) for place in ranked)
    return replace(option, count=len(towns), towns=towns, points=points, ranks=ranks, ranked=ranked)


def _row(row: RowCount, unanswered: Towns) -> RowCount:
    return replace(row, unanswered=unanswered, unanswered_count=len(unanswered))


def _numbers(summary: NumberSummary) -> NumberFigures:
    return NumberFigures(
        mean=summary.mean,
        median=summary.median,
        minimum=summary.minimum,
        maximum=summary.maximum,
        classes=tuple(
            NumberClass(each.low, each.high, len(each.organizations), each.organizations) for each in summary.bins
        ),
        values=summary.values,
    )


def _last(survey: SurveyHead, result: QuestionResult, before: QuestionResult) -> LastResult:
    """Choices meet by code, where that is new by label; others have no counterpart."""
    comparable = before.question.kind == result.question.kind
    by_code: Mapping[str, int] = {option.code: option.count for option in before.options}
    by_label: Mapping[str, int] = {option.label: option.count for option in before.options}
    return LastResult(
        survey=survey,
        target_count=before.asked,
        answered=len(before.answered),
        comparable=comparable,
        counts={
            option.code: by_code[option.code] if option.code in by_code else by_label.get(option.label)
            for option in result.options
        }
        if comparable
        else {},
        median=before.numbers.median if before.numbers else None,
    )


def _index_row(question: QuestionFigures) -> IndexRow:
    row = IndexRow(
        code=question.code,
        short=question.short,
        kind=question.kind,
        unit=question.unit,
        target_count=question.target_count,
        answered=question.answered_count,
    )
    if not question.answered_count:
        return row
    if question.numbers:
        return replace(row, median=question.numbers.median)
    if question.texts:
        return replace(row, texts=question.answered_count)
    if question.rows:
        return replace(row, rows=len(question.rows))
    top = max(question.options, key=lambda option: option.count)
    return replace(row, top=top.label, top_count=top.count)
