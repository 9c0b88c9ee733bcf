"""What the figures of a survey say about the survey itself. Pure: states are codes, words belong to the templates."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SurveyHead:
    """``closed``: no answer comes in any more; ``named``: municipalities may read each other's answers then.

    ``year`` is the fiscal year, ``round`` and ``state`` are codes, ``group`` is "" for a survey of the prefecture.
    """

    id: int
    prefecture_id: int
    title: str
    year: int
    round: str
    state: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    closed: bool
    named: bool
    imported: bool
    group: str = ""
    questionnaire: str = ""
    source_note: str = ""

    @property
    def age(self) -> tuple[int, dt.datetime, int]:
        """By which surveys are put in order; the highest is the newest."""
        return self.year, self.opens_at, self.id


@dataclass(frozen=True, slots=True)
class Decision:
    """How final the tiers are. ``step``: "" without tiers, "computed" before a classification is begun."""

    step: str = ""
    published: bool = False
    names_hidden: bool = True
    decided_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class TierWords:
    """What the survey's own scheme writes about a tier; ``minimum``: the least total, "" where it has none."""

    tier: int
    name: str
    meaning: str = ""
    support: str = ""
    minimum: str = ""
