"""A karte from its rows: the municipality's entries joined with the means and peers of their surveys."""

from dxportal.portal.domain.karte.comparison import Comparison
from dxportal.portal.domain.karte.content import AnswerList, KarteEntry, TownHead
from dxportal.portal.domain.karte.joined import Karte, joined
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.enums import SnapshotKind


def stored_karte(reading: SnapshotReading, *, public: bool) -> Karte:
    """The municipality's entries joined with the means and peers of their surveys."""
    kinds = (SnapshotKind.TOWN, SnapshotKind.KARTE, SnapshotKind.COMPARISON)
    town_kind, entry_kind, comparison_kind = (kind.public if public else kind for kind in kinds)
    town = reading.only(town_kind, TownHead)
    entries = list(reading.all(entry_kind, KarteEntry).values())
    entries.sort(key=lambda entry: entry.survey.age, reverse=True)
    comparisons = {comparison.survey.id: comparison for comparison in reading.all(comparison_kind, Comparison).values()}
    return Karte(town, tuple(joined(entry, comparisons.get(entry.survey.id), town.id) for entry in entries))


def stored_answers(reading: SnapshotReading, *, public: bool) -> tuple[TownHead, list[AnswerList]]:
    """Newest survey first."""
    kinds = (SnapshotKind.TOWN, SnapshotKind.ANSWERS)
    town_kind, answers_kind = (kind.public if public else kind for kind in kinds)
    town = reading.only(town_kind, TownHead)
    lists = reading.all(answers_kind, AnswerList).values()
    return town, sorted(lists, key=lambda answers: answers.survey.age, reverse=True)
