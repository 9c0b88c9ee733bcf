"""Who acted, in words. The room of the accounts says how its people are called; this room stands below it and asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BY_CLOCK = "自動処理"
UNKNOWN = "システム"
GONE = "削除された利用者"

Namer = Callable[[set[int]], Mapping[int, str]]
_namers: dict[str, Namer] = {}


def register(key: str, namer: Namer) -> None:
    """Names the ids that events carry under ``key`` ("user", "membership"), in one query; in ``AppConfig.ready``."""
    _namers[key] = namer


@dataclass(frozen=True, slots=True)
class Actors:
    """The names behind some events: ("user", id) → 「山田 太郎」, ("membership", id) → 「（和歌山県・県職員）」."""

    names: Mapping[tuple[str, int], str]

    @classmethod
    def of(cls, events: Sequence[Any]) -> "Actors":
        """One query a registered key that any of the events carries."""
        names: dict[tuple[str, int], str] = {}
        for key, namer in _namers.items():
            if ids := {pk for event in events if (pk := _carried(event, key)) is not None}:
                names |= {(key, pk): name for pk, name in namer(ids).items()}
        return cls(names)

    def who(self, event: Any) -> str:
        """The person, with the membership that they acted under; else the clock, or something outside the portal."""
        if (user := _carried(event, "user")) is not None:
            membership = _carried(event, "membership")
            acting = self.names.get(("membership", membership), "") if membership is not None else ""
            return self.names.get(("user", user), GONE) + acting
        return BY_CLOCK if event.pgh_context and event.pgh_context.metadata.get("task") else UNKNOWN


def _carried(event: Any, key: str) -> int | None:
    value = event.pgh_context.metadata.get(key) if event.pgh_context else None
    return value if isinstance(value, int) else None
