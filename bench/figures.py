"""What is measured, as ratios against its floor, and how it is written down."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

REACHED = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True)
class Figure:
    """``value`` and ``floor`` in milliseconds (medians unless the name says otherwise).

    ``aim`` bounds their ratio, or the value where no floor is; None where there is nothing to reach.
    """

    name: str
    value: float
    floor: float | None
    aim: float | None
    p95: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def reached(self) -> bool | None:
        if self.aim is None:
            return None
        return (self.ratio if self.floor else self.value) <= self.aim


def write(figures: list[Figure], folder: Path) -> None:
    """bench.json, one object a figure, and bench.md, the table."""
    rows = [asdict(figure) | {"ratio": figure.ratio, "reached": figure.reached} for figure in figures]
    text = json.dumps({"figures": rows}, ensure_ascii=False, indent=2)
    (folder / "bench.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "bench.md").write_text(f"{table(figures)}\n", encoding="utf-8")


def read(path: Path) -> list[Figure]:
    """Those of a bench.json."""
    names = [field.name for field in fields(Figure)]
    rows = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return [Figure(**{name: row[name] for name in names}) for row in rows]


def table(figures: list[Figure]) -> str:
    """A readable Markdown table."""
    lines = ["| figure | median ms | p95 ms | floor ms | ratio | aim | reached |", "|---|--:|--:|--:|--:|--:|:-:|"]
    for figure in figures:
        aim = "" if figure.aim is None else f"≤ {figure.aim:g} ×" if figure.floor else f"≤ {figure.aim:g} ms"
        cells = (
            figure.name,
            f"{figure.value:.1f}",
            _optional(figure.p95),
            _optional(figure.floor),
            _optional(figure.ratio),
        )
        lines.append(f"| {' | '.join(cells)} | {aim} | {REACHED[figure.reached]} |")
    return "\n".join(lines)


def _optional(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}" if number < 10 else f"{number:.1f}"
