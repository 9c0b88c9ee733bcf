"""Tables: scroll region, sortable headers, heat cells."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dxportal.core.ui import numbers
from dxportal.core.ui.tags.library import demand, draw, query, register

DENSITIES = ("normal", "dense", "roomy")


@register.simple_block_tag
def data_table(
    content: str,
    caption: str,
    id: str,
    *,
    density: str = "normal",
    sticky: bool = False,
    caption_hidden: bool = False,
) -> str:
    """``{% data_table "市町村の一覧" "municipalities" %}<thead>…<tbody>…{% enddata_table %}``.

    The table scrolls inside its own region. ``sticky`` keeps the first column in view.
    """
    demand("density", density, DENSITIES)
    return draw(
        "data_table",
        body=content,
        caption=caption,
        id=id,
        density=density,
        sticky=sticky,
        caption_hidden=caption_hidden,
    )


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, field: str, numeric: bool = False, param: str = "sort") -> SafeString:
    """A ``<th>`` whose link sorts by ``field``; a second click turns the order (``ListPage``)."""
    request = context.get("request")
    now = request.GET.get(param, "") if request else ""
    order = {field: "ascending", f"-{field}": "descending"}.get(now, "none")
    target = query(request, **{param: f"-{field}" if order == "ascending" else field, "page": None})
    mark, word = {"ascending": ("▲", "昇順"), "descending": ("▼", "降順"), "none": ("⇅", "並べ替え")}[order]
    return format_html(
        '<th scope="col" aria-sort="{}"{}><a class="sort" href="{}">{}'
        '<span class="sort-mark" aria-hidden="true">{}</span><span class="visually-hidden">{}</span></a></th>',
        order,
        SafeString(' class="num"') if numeric else "",
        target,
        label,
        mark,
        f"（{word}）",
    )


@register.simple_tag
def heat_cell(
    value: int | float | Decimal | Fraction | None,
    maximum: int = 30,
    missing: str = "—",
    digits: int = 1,
    href: str = "",
) -> SafeString:
    """A ``<td>`` coloured in five equal classes of 0..maximum with the number printed; hatched when missing."""
    if value is None:
        return format_html('<td class="heat heat-none">{}</td>', missing)
    text = numbers.plain(value, digits)
    inner = format_html('<a href="{}">{}</a>', href, text) if href else text
    return format_html('<td class="heat heat-{}">{}</td>', heat_class(value, maximum), inner)


def heat_class(value: Any, maximum: int) -> int:
    """1..5: five equal classes of 0..maximum, the top value in the fifth."""
    if maximum <= 0:
        return 1
    return min(5, max(1, int(value * 5 // maximum) + 1))
