"""Japanese eras as data: a new era is one more line in ``eras.csv``."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Era:
    name: str
    letter: str
    short: str
    square: str
    first_day: dt.date

    def western(self, year: int) -> int:
        """The western year of this era's ``year`` (1 = 元年)."""
        return self.first_day.year + year - 1


def read_eras(path: Path) -> Iterator[Era]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            first_day = dt.date.fromisoformat(row["first_day"])
            yield Era(row["name"], row["letter"], row["short"], row["square"], first_day)


ERAS: tuple[Era, ...] = tuple(sorted(read_eras(Path(__file__).parent / "eras.csv"), key=lambda era: era.first_day))

BY_SIGN: dict[str, Era] = {
    sign: era for era in ERAS for sign in (era.name, era.letter, era.letter.lower(), era.short, era.square)
}


def era_on(day: dt.date) -> Era | None:
    """The era in force on ``day``, or None before the first one known."""
    return next((era for era in reversed(ERAS) if era.first_day <= day), None)
