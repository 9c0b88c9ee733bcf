"""What the case library is told of a municipality's karte, as far as the reader of the karte may know it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from casestudies.domain.reading.fit import Reader, Weakness
from casestudies.enums import STEPS
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.numbers import rounded

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """``survey``: whose scores the weaknesses come from; "" where the person may see no scores."""

    weaknesses: tuple[Weakness, ...] = ()
    survey: str = ""


def need(entries: Sequence[Data]) -> Need:
    """Of the newest survey whose scores are in the data: rows for municipalities hold published ones alone."""
    entry = next((one for one in entries if one["scores"] and one["scores"]["total"]), None)
    if entry is None:
        return Need()
    scores = entry["scores"]
    found = (*_steps(scores), *_areas(scores))
    return Need(tuple(one for one in found if one.gap > 0), entry["survey"]["title"])


def _steps(scores: Data) -> Iterator[Weakness]:
    for one in scores.get("sections", []):
        step = one.get("step")
        if step not in STEPS or not one["own"] or not one["mean"]:
            continue
        gap = Fraction(*one["mean"][:2]) - Fraction(*one["own"][:2])
        label = STEPS[step].replace(" ", "")
        yield Weakness(label, rounded(gap, 1), "点", gap / one["worth"], step=step)


def _areas(scores: Data) -> Iterator[Weakness]:
    for one in scores.get("areas", []):
        gap = Fraction(*one.get("gap", (0, 1)))
        label = f"「{one['area']}」の達成率"
        yield Weakness(label, rounded(gap * 100), "ポイント", gap, areas=frozenset({one["area"]}))


def reader(organization: Organization, population: int | None) -> Reader:
    """``organization.prefecture`` is read."""
    return Reader(population, organization.municipality_kind, organization.prefecture.name)
