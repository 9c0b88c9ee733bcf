"""The tile map, its list twin and the heat table of the dashboard, from the snapshot's rows."""

from collections.abc import Callable, Sequence
from typing import Any

from dxportal.core.ui.numbers import MISSING
from dxportal.core.ui.tags.blocks import TIER_LETTERS
from dxportal.core.ui.tags.marks import Tile
from dxportal.portal.domain.figures import exact

Data = dict[str, Any]
TIER, TOTAL = "tier", "total"
CLASSES = 5
MOST_PLACES = 20


def measures(data: Data) -> list[tuple[str, str]]:
    """What the map can show: (code, label)."""
    found = [(TIER, "支援分類")] if any(tier["count"] for tier in data["tiers"]) else []
    if data["scored"] and any(town["total"] for town in data["towns"]):
        found.append((TOTAL, f"総合点（{data['maximum']}点満点）"))
        found += [(one["code"], f"{one['title']}（{one['worth']}点満点）") for one in data["sections"]]
    return found


def chosen_measure(data: Data, wanted: str) -> str:
    codes = [code for code, _ in measures(data)]
    return wanted if wanted in codes else codes[0] if codes else ""


def cell_of(data: Data, measure: str) -> Callable[[Data], Sequence | None]:
    """Reads the measure's [numerator, denominator, text, class] from a row."""
    if measure == TOTAL:
        return lambda town: town["total"]
    at = next((at for at, one in enumerate(data["sections"]) if one["code"] == measure), None)
    return lambda town: town["cells"][at] if at is not None and at < len(town["cells"]) else None


def tier_names(data: Data) -> dict[int, str]:
    return {tier["tier"]: f"{TIER_LETTERS[tier['tier']]} {tier['name']}" for tier in data["tiers"]}


def tile(data: Data, measure: str, town: Data) -> Tile:
    href = town["href"]
    if measure == TIER:
        value = tier_names(data).get(town["tier"], "未分類")
        return Tile(town["row"] or 0, town["column"] or 0, town["name"], value, href, tier=town["tier"])
    cell = cell_of(data, measure)(town)
    value, level = (cell[2], cell[3]) if cell else ("未回答", None)
    return Tile(town["row"] or 0, town["column"] or 0, town["name"], value, href, level=level)


def has_place(town: Data) -> bool:
    return bool(town["row"] and town["column"] and town["row"] <= MOST_PLACES and town["column"] <= MOST_PLACES)


def tile_groups(data: Data, measure: str, towns: Sequence[Data]) -> list[Data]:
    """One group with the map where places are known; towns without one by bureau. Reading order: top left first."""
    placed = sorted((town for town in towns if has_place(town)), key=lambda town: (town["row"], town["column"]))
    groups = [{"name": "", "placed": True, "tiles": [tile(data, measure, town) for town in placed]}] if placed else []
    loose: dict[str, list[Tile]] = {}
    for town in towns:
        if not has_place(town):
            loose.setdefault(town["bureau"], []).append(tile(data, measure, town))
    return groups + [{"name": name, "placed": False, "tiles": tiles} for name, tiles in loose.items()]


def legend(data: Data, measure: str, towns: Sequence[Data]) -> list[tuple[str, str]]:
    """(fill class, text with its count), lowest first for scores, highest tier first."""
    if measure == TIER:
        names = tier_names(data)
        counts = [(f"fill-tier-{tier}", f"{names[tier]} {_count(towns, tier)}団体") for tier in names]
        return counts + _without([town for town in towns if town["tier"] is None], "未分類")
    cell = cell_of(data, measure)
    cells = [cell(town) for town in towns]
    top = (
        data["maximum"]
        if measure == TOTAL
        else next(one["worth"] for one in data["sections"] if one["code"] == measure)
    )
    classes = [
        (
            f"level-{level}",
            f"{_edge(top, level - 1)}～{_edge(top, level)}点 {sum(1 for one in cells if one and one[3] == level)}団体",
        )
        for level in range(1, CLASSES + 1)
    ]
    return classes + _without([one for one in cells if one is None], "未回答")


def _edge(top: int, step: int) -> str:
    """The border between two of five equal classes."""
    return f"{top * step / CLASSES:g}"


def _count(towns: Sequence[Data], tier: int) -> int:
    return sum(1 for town in towns if town["tier"] == tier)


def _without(rows: list, word: str) -> list[tuple[str, str]]:
    return [("level-none", f"{word} {len(rows)}団体")] if rows else []


def ranked(data: Data, measure: str, towns: Sequence[Data], order: str) -> list[Data]:
    """The map's twin: the same values as a list, highest first or in the order of codes; equals share a rank.

    Without a value a municipality stands on the map alone."""
    names = tier_names(data)
    cell = cell_of(data, measure)
    rows = []
    for town in towns:
        found = cell(town) if measure != TIER else None
        value = town["tier"] if measure == TIER else exact(found)
        text = names.get(town["tier"], "未分類") if measure == TIER else found[2] if found else MISSING
        rows.append({"town": town, "value": value, "text": text, "level": found[3] if found else None})
    if order == "value":
        rows.sort(key=lambda row: -(row["value"] or 0))
    rows = [row for row in rows if row["value"] is not None]
    for row in rows:
        row["rank"] = 1 + sum(1 for other in rows if other["value"] > row["value"])
    return rows


def heat_rows(data: Data, towns: Sequence[Data], sort: str) -> list[Data]:
    """Rows of the heat table, sorted as its headers ask: a section's code, "total", "tier" or "code"."""
    field = sort.removeprefix("-")
    falling = sort.startswith("-")
    if field == TIER:
        return _sorted(towns, lambda town: town["tier"], falling)
    if field == TOTAL or any(one["code"] == field for one in data["sections"]):
        cell = cell_of(data, field)
        return _sorted(towns, lambda town: exact(cell(town)), falling)
    return list(reversed(towns)) if sort == "-code" else list(towns)


def _sorted(towns: Sequence[Data], value: Callable[[Data], Any], falling: bool) -> list[Data]:
    """Without a value always last."""
    known = [town for town in towns if value(town) is not None]
    return sorted(known, key=value, reverse=falling) + [town for town in towns if value(town) is None]
