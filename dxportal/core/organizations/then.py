"""What a town was on a day that figures or answers are of, and how it is named beside what stands there now. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BureauThen:
    """The head above a town on a day, under its name of then; ``order`` is its place among the heads."""

    pk: int
    name: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class PlaceThen:
    """A town as of a day, with what stands there today. ``now``: "" where it still has the name of that day.

    ``code_now`` likewise; of a town with several successors both are "" or joined by 「・」.
    """

    name: str
    kana: str
    code: str
    bureau: BureauThen | None
    now: str = ""
    code_now: str = ""

    @property
    def shown(self) -> str:
        return placed(self.name, self.now)


ABOLISHED = "廃止"
EVENTS = {"merged": "統合", "absorbed": "編入", "divided": "分割"}


def placed(name: str, now: str) -> str:
    """The one form in which figures of a day name a town: 「あさひ町（現：まんなか市）」."""
    return f"{name}（現：{now}）" if now else name


def origins_label(event: str, names: Iterable[str]) -> str:
    """「統合（旧あさひ町・旧ゆうひ町）」; ``event`` as in ``Origins``."""
    return f"{EVENTS[event]}（{'・'.join(f'旧{name}' for name in names)}）"


class NamedThen(Protocol):
    """A town under its name of a day, with what it is called now where that differs."""

    @property
    def now(self) -> str: ...

    @property
    def code_now(self) -> str: ...


def now_titles(places: Iterable[NamedThen]) -> tuple[str, ...]:
    """Columns of a file that stand there only where one of the towns is called otherwise now."""
    return ("現在の団体", "現在の団体コード") if any(place.now or place.code_now for place in places) else ()


def now_cells(place: NamedThen, places: Sequence[NamedThen]) -> tuple[str, ...]:
    return (place.now, place.code_now) if now_titles(places) else ()
