"""Small inline drawings (SVG): bars, progress, sparklines, tier distribution, tile maps. Values are always text too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dxportal.core.ui.numbers import Number, exact, plain
from dxportal.core.ui.tags.library import draw, register

WIDTH = 200
TICK = (
    '<line class="mark-halo" x1="{0}" x2="{0}" y1="0" y2="20"/>'
    '<line class="mark-tick" x1="{0}" x2="{0}" y1="0" y2="20"/>'
)


def _x(value: Number, maximum: Number) -> int:
    """Position of ``value`` on a track of 0..WIDTH, kept inside it."""
    if not maximum:
        return 0
    return max(0, min(WIDTH, round(exact(value) / exact(maximum) * WIDTH)))


@register.simple_tag
def bar(
    value: Number | None, maximum: Number, tick: Number | None = None, label: str = "", tone: str = "value"
) -> SafeString:
    """A horizontal bar from 0 to ``maximum``; ``tick`` marks the average. Print the figure beside it as text."""
    if value is None:
        return format_html('<span class="missing">{}</span>', "データなし")
    words = label or f"{plain(value, 1)}／{plain(maximum)}" + (f"、平均{plain(tick, 1)}" if tick is not None else "")
    line = "" if tick is None else format_html(TICK, _x(tick, maximum))
    return format_html(
        '<svg class="mark bar-mark" viewBox="0 0 {} 20" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="mark-track" x="0" y="4" width="{}" height="12"/>'
        '<rect class="mark-{}" x="0" y="4" width="{}" height="12"/>{}</svg>',
        WIDTH, words, WIDTH, tone, _x(value, maximum), line,
    )  # fmt: skip


@register.simple_tag
def progress(done: int, total: int, label: str = "", unit: str = "問") -> SafeString:
    """「42／66問」 with a bar; ``label`` names what is counted."""
    text = f"{done}／{total}{unit}"
    drawn = bar(done, total or 1, label=f"{label}{text}", tone="done" if total and done >= total else "value")
    return format_html('<span class="progress">{}<span>{}</span></span>', drawn, f"{label} {text}".strip())


@register.simple_tag
def sparkline(values: Sequence[Number | None], label: str, maximum: Number | None = None) -> SafeString:
    """Values over time on a line from 0; None leaves a gap. ``label`` says it in words."""
    top = exact(maximum or max((value for value in values if value is not None), default=1) or 1)
    step = (WIDTH - 12) / max(1, len(values) - 1)
    spots = [
        None if value is None else (round(6 + at * step, 1), round(44 - float(exact(value) / top) * 38, 1))
        for at, value in enumerate(values)
    ]
    path = "".join(
        f"{'L' if index and spots[index - 1] else 'M'}{spot[0]} {spot[1]}" for index, spot in enumerate(spots) if spot
    )
    dots = format_html_join("", '<circle class="mark-dot" cx="{}" cy="{}" r="4"/>', (spot for spot in spots if spot))
    return format_html(
        '<svg class="mark sparkline" viewBox="0 0 {} 48" role="img" aria-label="{}">'
        '<path class="mark-line" d="{}"/>{}</svg>',
        *(WIDTH, label, path, dots),
    )


@register.simple_tag
def tier_bar(counts: Iterable[tuple[int, str, int]], label: str = "支援分類の分布") -> str:
    """A stacked bar of (tier, name, count) in order, with the same counts as a legend."""
    parts = [(tier, name, count) for tier, name, count in counts]
    total = sum(count for _, _, count in parts)
    if not total:
        return format_html('<p class="missing">{}</p>', "まだ分類された団体はありません。")
    pieces: list[dict[str, Any]] = []
    at = 0
    for tier, name, count in parts:
        width = round(1000 * count / total)
        pieces.append({"tier": tier, "name": name, "count": count, "x": at, "width": width, "middle": at + width // 2})
        at += width
    words = "、".join(f"{name}{count}団体" for _, name, count in parts)
    return draw("tier_bar", pieces=pieces, label=f"{label}：{words}")


@dataclass(frozen=True, slots=True)
class Tile:
    """A municipality on the tile map. ``level``: 1–5, or None for no value; ``tier``: 1–4 instead of a level."""

    row: int
    column: int
    name: str
    value: str
    href: str = ""
    level: int | None = None
    tier: int | None = None

    @property
    def fill(self) -> str:
        if self.tier is not None:
            return f"fill-tier-{self.tier}"
        return f"level-{self.level}" if self.level is not None else "level-none"


@register.simple_tag
def tile_map(tiles: Iterable[Tile], label: str) -> str:
    """Equal tiles at row and column (1–20), each a link with its value printed, in the order given."""
    return draw("tile_map", tiles=list(tiles), label=label)


@register.simple_tag
def legend(items: Iterable[tuple[str, str]], label: str = "凡例") -> str:
    """``items``: (fill class "level-3" or "fill-tier-2", text with its count), in the order of the drawing."""
    return draw("legend", items=list(items), label=label)
