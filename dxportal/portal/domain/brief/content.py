"""The brief of a session for one town, as it is stored and as it is read. Pure.

One stored value, two versions: ``BriefContent`` is what both read, and each version adds the figures that its readers may
know. The memo is in no stored value; ``SupportBrief`` gets it when it is drawn, and ``TownBrief`` has no place for it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.domain.scores.aggregation import peers_of
from dxportal.portal.domain.karte.content import KarteChange
from dxportal.portal.domain.karte.joined import ComparedArea, ComparedEntry
from dxportal.portal.domain.values import Exact, Figures

FORMAT = 1  # of the stored value; another one is made anew before it is read
MOST_STEPS = 3  # questions named for a weak area
MOST_CHANGES = 8


@dataclass(frozen=True, slots=True)
class LastSession:
    """What was said the last time: the record's decisions and requests, never its memo."""

    session: int
    title: str
    day: dt.date
    decisions: str
    requests: str
    next_meeting: str


@dataclass(frozen=True, slots=True)
class OpenAction:
    """``bearer``: a code; whether it is overdue follows from the day on which the brief was made."""

    id: int
    title: str
    bearer: str
    section: str
    due_day: dt.date


@dataclass(frozen=True, slots=True)
class ProposedTopic:
    """What the town would like to talk about."""

    id: int
    title: str
    area: str


@dataclass(frozen=True, slots=True)
class EndingContract:
    """``end``: the last day of a contract about a product."""

    task: str
    product: str
    vendor: str
    end: dt.date


@dataclass(frozen=True, slots=True)
class SuggestedCase:
    source_id: str
    title: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What would earn the next points in a question; ``words`` is "" where the question names no single step."""

    code: str
    short: str
    words: str


@dataclass(frozen=True, slots=True)
class WeakArea:
    name: str
    own: Exact
    mean: Exact
    steps: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True)
class BriefFigures:
    """Of the newest survey with an entry; ``survey`` "" where there is none. ``compared``: the survey before."""

    survey: str = ""
    total: Exact | None = None
    maximum: int = 0
    change: Exact | None = None
    compared: str = ""
    changes: tuple[KarteChange, ...] = ()
    weak: tuple[WeakArea, ...] = ()
    cases: tuple[SuggestedCase, ...] = ()

    @property
    def more_changes(self) -> int:
        return max(0, len(self.changes) - MOST_CHANGES)


@dataclass(frozen=True, slots=True)
class CorrectedAnswer:
    """An answer that was handed in already and has changed since the last session."""

    survey: str
    code: str
    short: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefContent:
    """``last``: newest first. ``topics``: keys of other towns' topics, since what they tell is read when it is drawn:
    what was withdrawn meanwhile is gone."""

    last: tuple[LastSession, ...] = ()
    actions: tuple[OpenAction, ...] = ()
    proposed: tuple[ProposedTopic, ...] = ()
    corrected: tuple[CorrectedAnswer, ...] = ()
    contracts: tuple[EndingContract, ...] = ()
    topics: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredBrief(Figures):
    """``figures``: for whoever works for the prefecture; ``public``: what the town may know of itself by now."""

    content: BriefContent
    figures: BriefFigures
    public: BriefFigures


@dataclass(frozen=True, slots=True)
class SupportBrief:
    """``memo``: of the last session, None for whoever may not know that there is one."""

    content: BriefContent
    figures: BriefFigures
    memo: str | None = None


@dataclass(frozen=True, slots=True)
class TownBrief:
    content: BriefContent
    figures: BriefFigures


def for_town(stored: StoredBrief) -> TownBrief:
    return TownBrief(stored.content, stored.public)


def for_support(stored: StoredBrief, memo: str | None) -> SupportBrief:
    return SupportBrief(stored.content, stored.figures, memo)


def figures_of(
    entries: Sequence[ComparedEntry], spec: QuestionnaireSpec | None, cases: Iterable[SuggestedCase]
) -> BriefFigures:
    """``entries``: of a karte, newest first; ``spec``: the questionnaire of ``scored_entry``."""
    entry = scored_entry(entries)
    if entry is None:
        return BriefFigures(cases=tuple(cases))
    scores = entry.scores
    return BriefFigures(
        survey=entry.survey.title,
        total=entry.total,
        maximum=scores.maximum if scores else 0,
        change=scores.change if scores else None,
        compared=entry.entry.compared,
        changes=entry.entry.changes,
        weak=tuple(weak_area(area, spec) for area in entry.gaps),
        cases=tuple(cases),
    )


def scored_entry(entries: Sequence[ComparedEntry]) -> ComparedEntry | None:
    """The newest with scores, else the newest."""
    return next((entry for entry in entries if entry.total is not None), next(iter(entries), None))


def weak_area(area: ComparedArea, spec: QuestionnaireSpec | None) -> WeakArea:
    """With the questions in which most points are left."""
    missing = [question for question in area.questions if question.earned < question.possible]
    missing.sort(key=lambda question: question.earned - question.possible)
    steps = tuple(
        NextStep(
            question.code,
            question.short,
            next_step(spec.question(question.code), question.earned) if spec else "",
        )
        for question in missing[:MOST_STEPS]
    )
    return WeakArea(area.name, area.own, area.mean, steps)


def next_step(question: QuestionSpec, earned: int) -> str:
    """The choice that earns the next points, or what is missing where several may be chosen; "" where neither says it."""
    if question.kind != QuestionKind.SINGLE:
        return ""
    above = [choice for choice in question.choices if (choice.points or 0) > earned]
    return min(above, key=lambda choice: choice.points or 0).label if above else ""


def similar_towns(town: int, populations: Mapping[int, int | None]) -> tuple[int, ...]:
    """Those of the town's size, by the rule of the karte's peers."""
    return peers_of(town, populations).organizations
