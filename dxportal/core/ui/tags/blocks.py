"""Building blocks of a page: alerts, chips, navigation aids, KPI cards, meta lines, empty states, dialogs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from dxportal.core.ui.japanese import western
from dxportal.core.ui.tags.library import demand, draw, register
from dxportal.core.ui.tags.library import query as query_string
from dxportal.core.ui.tags.text import datetime_ja

LEVELS = {"info": "お知らせ", "success": "完了", "warning": "注意", "error": "エラー"}
TONES = ("gray", "blue", "purple", "green", "red", "orange")
TIER_LETTERS = {1: "D", 2: "C", 3: "B", 4: "A"}
FORMATS = {"xlsx": "Excel（.xlsx）", "csv": "CSV（UTF-8）", "csv-sjis": "CSV（Shift_JIS）", "pdf": "PDF"}
ICONS = {
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 7.5v.01"/>',
    "success": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.7 2.7L16 9.5"/>',
    "warning": '<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17v.01"/>',
    "error": '<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z"/><path d="M12 7.5v5.5M12 16.3v.01"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "chevron": '<path d="m6 9 6 6 6-6"/>',
    "download": '<path d="M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7z"/>',
    "edit": '<path d="m4 20 1-4L16 5l3 3L8 19zM14 7l3 3"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4-6 8-6s7 2 8 6"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative drawing; the word beside it carries the meaning."""
    demand("icon", name, tuple(ICONS))
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', name, mark_safe(ICONS[name])
    )


@register.simple_block_tag
def alert(content: str, *, level: str = "info", heading: str = "") -> str:
    """``{% alert level="error" heading="…" %}…{% endalert %}``; stays until the page changes."""
    demand("level", level, tuple(LEVELS))
    return draw("alert", body=content, level=level, word=LEVELS[level], heading=heading)


@register.simple_tag
def chip(text: Any, tone: str = "gray") -> SafeString:
    """``{% chip "提出済" "green" %}``: a state; always with its word."""
    demand("tone", tone, TONES)
    return format_html('<span class="chip chip-{}">{}</span>', tone, text)


@register.simple_tag
def tier_chip(tier: int | None, name: str = "") -> SafeString:
    """``{% tier_chip 3 "協働" %}``: 1 D, 2 C, 3 B, 4 A; 「未分類」 for None."""
    if tier is None:
        return chip("未分類")
    demand("tier", tier, tuple(TIER_LETTERS))
    return format_html(
        '<span class="tier tier-{}"><span class="tier-letter">{}</span>{}</span>', tier, TIER_LETTERS[tier], name
    )


@register.simple_tag
def breadcrumbs(items: Iterable[tuple[str, str | None]]) -> str:
    """``items``: (label, url or None) from the top down; the last one is the page itself."""
    return draw("breadcrumbs", items=list(items))


@register.simple_tag
def tabs(items: Iterable[tuple[str, str, bool]], label: str = "表示の切替") -> str:
    """Tabs that are addresses: (label, url, current)."""
    return draw("tabs", items=list(items), label=label)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page, label: str = "一覧のページ") -> str:
    """前へ – 「2 / 5」 – 次へ, keeping the filter; nothing for a single page."""
    if not page.has_other_pages():
        return ""
    request = context.get("request")
    return draw(
        "pagination",
        page=page,
        label=label,
        previous=query_string(request, page=page.previous_page_number()) if page.has_previous() else "",
        next=query_string(request, page=page.next_page_number()) if page.has_next() else "",
    )


@register.simple_tag
def kpi(
    label: str, value: Any, unit: str = "", change: str = "", href: str = "", as_of: Any = "", note: str = ""
) -> str:
    """One judged figure. ``value`` and ``change`` already formatted: 「昨年度より+0.3」."""
    return draw("kpi", label=label, value=value, unit=unit, change=change, href=href, as_of=_text(as_of), note=note)


@register.simple_tag
def meta_line(
    source: str = "",
    definition_href: str = "",
    as_of: Any = "",
    updated: Any = "",
    n: int | None = None,
    of: int | None = None,
    note: str = "",
) -> str:
    """The line under a figure: 出典, 対象と定義, 時点, 更新日, 回答団体数 n／of, 注記."""
    return draw(
        "meta_line",
        source=source,
        definition_href=definition_href,
        as_of=_text(as_of),
        updated=_text(updated),
        n=n,
        of=of,
        note=note,
    )


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return datetime_ja(value)
    return western(value) if isinstance(value, dt.date) else str(value or "")


@register.simple_block_tag
def empty(content: str, *, heading: str = "まだありません") -> str:
    """What a list shows when there is nothing, with the next thing to do inside."""
    return draw("empty", body=content, heading=heading)


@register.simple_tag
def download_links(base: str, formats: str = "xlsx csv", query: str = "", label: str = "") -> str:
    """Links ``<base>?format=xlsx``. ``formats`` of xlsx, csv, csv-sjis, pdf; ``query``: further parameters "a=1"."""
    for name in formats.split():
        demand("formats", name, tuple(FORMATS))
    glue = "&" if "?" in base else "?"
    rest = f"&{query.lstrip('?&')}" if query else ""
    links = [(FORMATS[name], f"{base}{glue}format={name}{rest}") for name in formats.split()]
    return draw("download_links", links=links, label=label)


@register.simple_block_tag
def disclosure(content: str, *, summary: str, opened: bool = False, plain: bool = False) -> str:
    """A closed part of the page; never for required input or errors."""
    return draw("disclosure", body=content, summary=summary, opened=opened, plain=plain)


@register.simple_block_tag
def dialog(content: str, *, id: str, heading: str) -> str:
    """Opened by ``<button data-opens="id">`` (ui/js/ui.js); put the form with its buttons inside."""
    return draw("dialog", body=content, id=id, heading=heading)


@register.simple_tag
def step_list(items: Iterable[tuple[str, str]], label: str = "手順") -> str:
    """Steps of a process: (label, state) with state "done", "current" or "todo"."""
    steps = [(name, state) for name, state in items]
    for _, state in steps:
        demand("state", state, ("done", "current", "todo"))
    at = next((n for n, (_, state) in enumerate(steps, 1) if state == "current"), 0)
    return draw("step_list", steps=steps, label=label, at=at)
