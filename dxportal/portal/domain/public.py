"""What municipalities may read of a prefecture's figures: computed into rows of their own, so that a page for them
never touches one with more. Pure.

Of answers: the counts, once the survey is closed (while it runs, a change of a count would give a neighbour's answer
away); named answers only where the survey says so. Of scores and tiers: nothing before publication; then counts and
means, and names only where the prefecture published with names.
"""

from dataclasses import replace
from typing import Any

from dxportal.portal.domain.dashboard.content import Dashboard, DashboardTown
from dxportal.portal.domain.dashboard.hiding import FEWEST
from dxportal.portal.domain.karte.comparison import Comparison
from dxportal.portal.domain.karte.content import AnswerList, KarteEntry
from dxportal.portal.domain.matrix import MatrixHead, MatrixTown
from dxportal.portal.domain.questions import (
    LastResult,
    NumberFigures,
    OptionCount,
    QuestionFigures,
    QuestionIndex,
    Respondents,
)
from dxportal.portal.domain.surveys import Decision


def dashboard(full: Dashboard) -> Dashboard:
    """The dashboard without municipalities' scores."""
    if not full.decision.published:
        return replace(
            full,
            scored_count=0,
            decision=Decision(),
            sections=(),
            mean=None,
            mean_change=None,
            last=None,
            means=(),
            tiers=(),
            flows=(),
            joined=(),
            towns=(),
        )
    last = full.last if full.last and full.last.published else None
    return replace(
        full,
        sections=full.sections if last else tuple(replace(section, last=None) for section in full.sections),
        mean_change=full.mean_change if last else None,
        last=last,
        means=tuple(mean for mean in full.means if mean.published),
        tiers=full.tiers if last else tuple(replace(tier, last=None) for tier in full.tiers),
        flows=tuple(replace(flow, towns=()) for flow in full.flows) if last else (),
        joined=(),
        towns=() if full.decision.names_hidden else _named_towns(full),
    )


def _named_towns(full: Dashboard) -> tuple[DashboardTown, ...]:
    """Name and tier: what a publication with names says, and nothing else."""
    return tuple(
        DashboardTown(
            id=town.id,
            name=town.name,
            kana=town.kana,
            code=town.code,
            bureau=town.bureau,
            bureau_id=town.bureau_id,
            prefecture_id=town.prefecture_id,
            row=town.row,
            column=town.column,
            tier=town.tier,
            now=town.now,
            code_now=town.code_now,
        )
        for town in full.towns
        if _own(town, full)
    )


def questions(full: QuestionIndex) -> QuestionIndex:
    """The index: codes and titles always, results once closed; nothing about the persons who answered."""
    sections = tuple(section for section in full.sections if not section.personal)
    if full.survey.closed:
        return replace(full, sections=sections)
    blank: dict[str, Any] = {
        "target_count": None,
        "answered": None,
        "median": None,
        "texts": 0,
        "rows": 0,
        "top": "",
        "top_count": 0,
    }
    return replace(
        full,
        sections=tuple(
            replace(section, questions=tuple(replace(row, **blank) for row in section.questions))
            for section in sections
        ),
    )


def question(full: QuestionFigures) -> QuestionFigures | None:
    """One question's result; None while the survey runs, and for what is asked of the person who answers."""
    if not full.survey.closed or full.personal:
        return None
    last = _last(full.last) if full.last and full.last.survey.closed else None
    shown = replace(full, last=last)
    return shown if full.survey.named else anonymous(shown)


def _last(last: LastResult) -> LastResult:
    """The last survey may have been for counts only: no figure of a few organisations goes along."""
    return replace(last, median=None)


def anonymous(full: QuestionFigures) -> QuestionFigures:
    """Counts only. Texts name their writer, single numbers a municipality: both stay away."""
    return replace(
        full,
        answered=(),
        unanswered=(),
        skipped=(),
        options=tuple(map(_nameless, full.options)),
        rows=tuple(replace(row, unanswered=(), options=tuple(map(_nameless, row.options))) for row in full.rows),
        numbers=_numbers(full.numbers, full.answered_count) if full.numbers else None,
        texts=(),
        texts_withheld=len(full.texts),
        last=_last(full.last) if full.last else None,
    )


def _nameless(option: OptionCount) -> OptionCount:
    return replace(option, towns=(), ranked=())


def _numbers(numbers: NumberFigures, answered: int) -> NumberFigures | None:
    """Mean and median of enough answers; lowest, highest and single values belong to somebody."""
    if answered < FEWEST:
        return None
    classes = tuple(
        replace(each, towns=(), count=each.count if each.count is None or not 0 < each.count < FEWEST else None)
        for each in numbers.classes
    )
    return replace(numbers, minimum=None, maximum=None, classes=classes, values=())


def respondents(full: Respondents) -> Respondents | None:
    """Names of those who answered: only where the survey shows named answers, once it is closed."""
    if not full.survey.closed or not full.survey.named:
        return None
    return replace(full, towns=tuple(replace(town, mark="") for town in full.towns))


def matrix(full: MatrixHead) -> MatrixHead | None:
    """Named answers side by side: only where the survey shows them, once it is closed."""
    if not full.survey.closed or not full.survey.named:
        return None
    personal = {section.code for section in full.sections if section.personal}
    return replace(
        full,
        sections=tuple(section for section in full.sections if section.code not in personal),
        columns=tuple(column for column in full.columns if column.section not in personal),
    )


def matrix_town(full: MatrixTown, head: MatrixHead) -> MatrixTown | None:
    """``head``: the full one, to whose columns the cells belong."""
    if not head.survey.closed or not head.survey.named or not _own(full, head):
        return None
    personal = {section.code for section in head.sections if section.personal}
    cells = zip(full.cells, head.columns, strict=True)
    return replace(full, cells=tuple(cell for cell, column in cells if column.section not in personal))


def karte(full: KarteEntry) -> KarteEntry:
    """A municipality's own karte: scores and tier from the day they are published."""
    scores = full.scores if full.published else None
    if scores and not scores.last_published:
        sections = tuple(replace(section, change=None) for section in scores.sections)
        scores = replace(scores, last_tier=None, change=None, sections=sections)
    return replace(full, scores=scores)


def comparison(full: Comparison, town: int) -> Comparison | None:
    """The means beside the municipality's own scores; over fewer than three others they would give them away."""
    if not full.published:
        return None
    few = full.count <= FEWEST
    peers = {}
    if town in full.peers:
        own = full.peers[town]
        peers[town] = replace(own, mean=None, sections={}) if own.count < FEWEST else own
    return replace(
        full,
        mean=None if few else full.mean,
        sections={} if few else full.sections,
        questions={} if few else full.questions,
        peers=peers,
    )


def answers(full: AnswerList) -> AnswerList:
    """Own answers in full; points from the day they are published."""
    if full.published:
        return full
    return replace(
        full,
        sections=tuple(
            replace(section, questions=tuple(replace(row, earned=None, possible=None) for row in section.questions))
            for section in full.sections
        ),
    )


def _own(town: DashboardTown | MatrixTown, page: Dashboard | MatrixHead) -> bool:
    """Nothing of a group's member crosses the border of its prefecture."""
    return town.prefecture_id == page.survey.prefecture_id
