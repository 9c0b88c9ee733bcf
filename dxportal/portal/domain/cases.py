"""What the case library is told of a municipality's karte, as far as the reader of the karte may know it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casestudies.domain.reading.fit import Weakness
from dxportal.core.ui.numbers import rounded
from dxportal.portal.domain.karte.joined import ComparedEntry


@dataclass(frozen=True, slots=True)
class Need:
    """``survey``: whose scores the weaknesses come from; "" where the person may see no scores."""

    weaknesses: tuple[Weakness, ...] = ()
    survey: str = ""


def need(entries: Sequence[ComparedEntry], steps: dict[int, str]) -> Need:
    """Of the newest survey whose scores are there: rows for municipalities hold published ones alone.

    ``steps``: the library's steps with their labels.
    """
    entry = next((entry for entry in entries if entry.total is not None), None)
    if entry is None:
        return Need()
    weaknesses = [*_steps(entry, steps)]
    for area in entry.areas:
        gap = -area.difference
        label = f"「{area.name}」の達成率"
        weaknesses.append(Weakness(label, rounded(gap * 100), "ポイント", gap, areas=frozenset({area.name})))
    return Need(tuple(weakness for weakness in weaknesses if weakness.gap > 0), entry.survey.title)


def _steps(entry: ComparedEntry, steps: dict[int, str]) -> Iterator[Weakness]:
    for section in entry.sections:
        behind = section.difference
        step = section.own.step
        if step is None or step not in steps or behind is None:
            continue
        label = steps[step].replace(" ", "")
        yield Weakness(label, rounded(-behind, 1), "点", -behind / section.own.worth, step=step)
