"""Which towns do something in an area, by their own answers. The app that knows the answers is not known here: the portal
floor registers who tells it, and hands over plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doer:
    """``organization``: key of a town. ``reason``: which of its answers say so, in words for that town."""

    organization: int
    reason: str


# By the key of the prefecture and of the area: those that do most first.
Teller = Callable[[int, int], Sequence[Doer]]
_tellers: dict[str, Teller] = {}


def register(key: str, teller: Teller) -> None:
    """In ``AppConfig.ready``; the same key replaces the earlier one."""
    _tellers[key] = teller


def doers(prefecture: int, area: int) -> list[Doer]:
    """Each town once, in the order of the tellers."""
    rows: dict[int, Doer] = {}
    for _, teller in sorted(_tellers.items()):
        for doer in teller(prefecture, area):
            rows.setdefault(doer.organization, doer)
    return list(rows.values())
