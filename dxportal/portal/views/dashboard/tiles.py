"""The tile map, its list twin and the heat table of the dashboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dxportal.core.ui.numbers import MISSING, plain
from dxportal.core.ui.tags.lists import heat_class
from dxportal.core.ui.tags.marks import Tile
from dxportal.portal.domain.dashboard.content import Dashboard, DashboardTown
from dxportal.portal.views.words import tier_label

TIER, TOTAL = "tier", "total"
CLASSES = 5
MOST_PLACES = 20
Value = Callable[[DashboardTown], Fraction | None]


@dataclass(frozen=True, slots=True)
class LinkedTown:
    """A municipality with the address of its karte, "" where the reader may not open it.

    ``cells``: its scores, each with the most that it can be.
    """

    town: DashboardTown
    href: str
    cells: tuple[tuple[Fraction | None, int], ...] = ()

    @property
    def name(self) -> str:
        """With what it is called now, where that differs."""
        return self.town.shown


@dataclass(frozen=True, slots=True)
class TileGroup:
    """``placed``: with places on the map; otherwise the municipalities of the bureau ``name``."""

    name: str
    placed: bool
    tiles: list[Tile]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the map's twin; equals share a rank."""

    rank: int
    town: LinkedTown
    text: str


def measures(dashboard: Dashboard) -> list[tuple[str, str]]:
    """What the map can show: (code, label)."""
    known = [(TIER, "支援分類")] if any(tier.count for tier in dashboard.tiers) else []
    if dashboard.scored_count and any(town.total is not None for town in dashboard.towns):
        known.append((TOTAL, f"総合点（{dashboard.maximum}点満点）"))
        known += [(section.code, f"{section.title}（{section.worth}点満点）") for section in dashboard.sections]
    return known


def chosen_measure(dashboard: Dashboard, wanted: str) -> str:
    codes = [code for code, _ in measures(dashboard)]
    return wanted if wanted in codes else codes[0] if codes else ""


def value_of(dashboard: Dashboard, measure: str) -> Value:
    """Reads the measure's score from a municipality."""
    if measure == TOTAL:
        return lambda town: town.total
    at = next((at for at, section in enumerate(dashboard.sections) if section.code == measure), None)
    return lambda town: town.cells[at] if at is not None and at < len(town.cells) else None


def top_of(dashboard: Dashboard, measure: str) -> int:
    """The most points that the measure can have."""
    if measure == TOTAL:
        return dashboard.maximum
    return next(section.worth for section in dashboard.sections if section.code == measure)


def tier_names(dashboard: Dashboard) -> dict[int | None, str]:
    return {tier.tier: tier_label(tier) for tier in dashboard.tiers}


def tile(dashboard: Dashboard, measure: str, row: LinkedTown) -> Tile:
    town = row.town
    row_number, column = town.row or 0, town.column or 0
    if measure == TIER:
        text = tier_names(dashboard).get(town.tier, "未分類")
        return Tile(row_number, column, town.shown, text, row.href, tier=town.tier)
    value = value_of(dashboard, measure)(town)
    if value is None:
        return Tile(row_number, column, town.shown, "未回答", row.href)
    level = heat_class(value, top_of(dashboard, measure))
    return Tile(row_number, column, town.shown, plain(value, 1), row.href, level=level)


def has_place(town: DashboardTown) -> bool:
    return bool(town.row and town.column and town.row <= MOST_PLACES and town.column <= MOST_PLACES)


def tile_groups(dashboard: Dashboard, measure: str, rows: Sequence[LinkedTown]) -> list[TileGroup]:
    """One group with the map where places are known; towns without one by bureau. SnapshotReading order: top left first."""
    placed = [row for row in rows if has_place(row.town)]
    placed.sort(key=lambda row: (row.town.row or 0, row.town.column or 0))
    groups = [TileGroup("", True, [tile(dashboard, measure, row) for row in placed])] if placed else []
    loose: dict[str, list[Tile]] = {}
    for row in rows:
        if not has_place(row.town):
            loose.setdefault(row.town.bureau, []).append(tile(dashboard, measure, row))
    return groups + [TileGroup(name, False, tiles) for name, tiles in loose.items()]


def legend(dashboard: Dashboard, measure: str, rows: Sequence[LinkedTown]) -> list[tuple[str, str]]:
    """(fill class, text with its count), lowest first for scores, highest tier first."""
    if measure == TIER:
        given = [row.town.tier for row in rows]
        names = tier_names(dashboard)
        classes = [(f"fill-tier-{tier}", f"{name} {given.count(tier)}団体") for tier, name in names.items()]
        missing, word = given.count(None), "未分類"
    else:
        value, top = value_of(dashboard, measure), top_of(dashboard, measure)
        values = [value(row.town) for row in rows]
        levels = [heat_class(each, top) for each in values if each is not None]
        edges = [f"{top * step / CLASSES:g}" for step in range(CLASSES + 1)]
        classes = [
            (f"level-{level}", f"{edges[level - 1]}～{edges[level]}点 {levels.count(level)}団体")
            for level in range(1, CLASSES + 1)
        ]
        missing, word = values.count(None), "未回答"
    return classes + ([("level-none", f"{word} {missing}団体")] if missing else [])


def ranked(dashboard: Dashboard, measure: str, rows: Sequence[LinkedTown], order: str) -> list[Ranked]:
    """The map's twin: the same values as a list, highest first or in the order of codes.

    Without a value a municipality stands on the map alone.
    """
    names = tier_names(dashboard)
    score = value_of(dashboard, measure)
    values: list[tuple[Fraction | int, LinkedTown]] = []
    for row in rows:
        value = row.town.tier if measure == TIER else score(row.town)
        if value is not None:
            values.append((value, row))
    if order == "value":
        values.sort(key=lambda pair: -pair[0])
    return [
        Ranked(
            rank=1 + sum(1 for other, _ in values if other > value),
            town=row,
            text=names.get(row.town.tier, MISSING) if measure == TIER else plain(value, 1),
        )
        for value, row in values
    ]


def heat_rows(dashboard: Dashboard, rows: Sequence[LinkedTown], sort: str) -> list[LinkedTown]:
    """Rows of the heat table, sorted as its headers ask: a section's code, "total", "tier" or "code"."""
    field = sort.removeprefix("-")
    falling = sort.startswith("-")
    if field == TIER:
        return _sorted(rows, lambda town: None if town.tier is None else Fraction(town.tier), falling=falling)
    if field == TOTAL or any(section.code == field for section in dashboard.sections):
        return _sorted(rows, value_of(dashboard, field), falling=falling)
    return list(reversed(rows)) if sort == "-code" else list(rows)


def _sorted(rows: Sequence[LinkedTown], value: Value, *, falling: bool) -> list[LinkedTown]:
    """Without a value always last."""
    known = [(each, row) for row in rows if (each := value(row.town)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=falling)
    return [row for _, row in known] + [row for row in rows if value(row.town) is None]
