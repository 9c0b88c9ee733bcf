"""Charts as plain data: the figure that plotly.js draws, with its reading, its table and its sources.

Web processes never import plotly: a figure is a dict in plotly's JSON form. The page carries it in a
``<script type="application/json">`` block (never executed, so a strict CSP allows it); charts.js draws it and the table
beside it serves readers, paper and browsers without script.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dxportal.core.ui import numbers

SERIES = ("#0017C1", "#E25100", "#008BF2", "#666666", "#AA00AA")
TIERS = {1: "#C5D7FB", 2: "#7096F8", 3: "#264AF4", 4: "#00118F"}
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
PATTERNS = ("", "/", ".", "x", "-")
FONT = "Noto Sans JP, Noto Sans CJK JP, BIZ UDPGothic, Yu Gothic UI, Meiryo, sans-serif"
SIZES = ("short", "normal", "tall")

# "<" and "&" would end or confuse the script element; the line separators end a JavaScript string.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}

PlotlyFigure = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The same figures as a table: the first column names the rows; cells are text ready to show."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart for ``{% chart %}``. ``title`` says content and kind of data; ``reading`` is its message in a sentence.

    ``meta`` takes the parameters of ``{% meta_line %}``; ``downloads`` is the base address of its files.
    """

    id: str
    title: str
    reading: str
    figure: PlotlyFigure
    table: ChartTable
    size: str = "normal"
    meta: Mapping[str, Any] = field(default_factory=dict)
    downloads: str = ""

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise ValueError(f"size must be one of {', '.join(SIZES)}")

    @property
    def data(self) -> str:
        """JSON that may stand inside a script element."""
        return json.dumps(self.figure, ensure_ascii=False, default=json_number, separators=(",", ":")).translate(
            ESCAPES
        )


def json_number(value: Any) -> float | str:
    """What JSON has no type for: exact numbers as floats, anything else as its text."""
    return float(value) if isinstance(value, (Decimal, Fraction)) else str(value)


def layout(**changes: Any) -> dict[str, Any]:
    """The common look: no frame, no title (the caption has it), 14px text, origin 0, Japanese separators."""
    base: dict[str, Any] = {
        "font": {"family": FONT, "size": 14, "color": "#333333"},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "margin": {"l": 56, "r": 24, "t": 16, "b": 48},
        "xaxis": {"automargin": True, "zeroline": False, "showgrid": False, "fixedrange": True, "linecolor": "#666666"},
        "yaxis": {
            "automargin": True,
            "rangemode": "tozero",
            "gridcolor": "#E6E6E6",
            "fixedrange": True,
            "zerolinecolor": "#666666",
        },
        "legend": {"orientation": "h", "y": -0.18, "x": 0, "traceorder": "normal"},
        "hoverlabel": {"font": {"size": 14}},
        "separators": ".,",
        "dragmode": False,
    }
    for key, value in changes.items():
        base[key] = {**base[key], **value} if isinstance(value, dict) and isinstance(base.get(key), dict) else value
    return base


def lines(x: Sequence[str], series: Mapping[str, Sequence[Any]], unit: str = "", maximum: Any = None) -> PlotlyFigure:
    """Lines over time with markers; None is a gap. At most five series, each with its own colour and marker."""
    _few(series)
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": list(x),
            "y": list(values),
            "connectgaps": False,
            "cliponaxis": False,
            "line": {"color": SERIES[at], "width": 3},
            "marker": {"symbol": SYMBOLS[at], "size": 10},
            "hovertemplate": f"%{{x}}　{name}：%{{y}}{unit}<extra></extra>",
        }
        for at, (name, values) in enumerate(series.items())
    ]
    yaxis = {"ticksuffix": unit} | ({"range": [0, maximum]} if maximum is not None else {})
    return {"data": traces, "layout": layout(yaxis=yaxis, xaxis={"type": "category"})}


def bars(names: Sequence[str], values: Sequence[Any], unit: str = "", maximum: Any = None) -> PlotlyFigure:
    """Horizontal bars from 0, first name on top, the figure printed at each bar."""
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": list(names),
        "text": [_label(value, unit) for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": SERIES[0]},
        "hovertemplate": f"%{{y}}：%{{x}}{unit}<extra></extra>",
    }
    xaxis = {"rangemode": "tozero", "showgrid": False, "showticklabels": False}
    xaxis |= {"range": [0, maximum]} if maximum is not None else {}
    yaxis = {"autorange": "reversed", "type": "category", "rangemode": "normal", "showgrid": False, "ticksuffix": "  "}
    return {"data": [trace], "layout": layout(xaxis=xaxis, yaxis=yaxis, margin={"r": 72, "b": 16})}


def stacked(names: Sequence[str], series: Mapping[str, Sequence[Any]], colours: Sequence[str] = SERIES) -> PlotlyFigure:
    """Stacked columns; a pattern besides the colour keeps the parts apart on black-and-white paper."""
    _few(series, len(colours))
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": list(names),
            "y": list(values),
            "text": [_label(value) if value else "" for value in values],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "insidetextfont": {"color": ink(colours[at]), "size": 14},
            "textangle": 0,
            "marker": {
                "color": colours[at],
                "line": {"color": "#FFFFFF", "width": 1},
                "pattern": {"shape": PATTERNS[at % len(PATTERNS)], "fillmode": "overlay", "size": 6, "solidity": 0.15},
            },
            "hovertemplate": f"%{{x}}　{name}：%{{y}}<extra></extra>",
        }
        for at, (name, values) in enumerate(series.items())
    ]
    return {"data": traces, "layout": layout(barmode="stack", xaxis={"type": "category"}, bargap=0.35)}


def flows(names: Sequence[str], colours: Sequence[str], links: Sequence[tuple[int, int, int]]) -> PlotlyFigure:
    """Movements between states: ``links`` are (from, to, count) by index into ``names``."""
    trace = {
        "type": "sankey",
        "arrangement": "snap",
        "node": {
            "label": list(names),
            "color": list(colours),
            "pad": 18,
            "thickness": 22,
            "line": {"color": "#333333", "width": 1},
        },
        "link": {
            "source": [source for source, _, _ in links],
            "target": [target for _, target, _ in links],
            "value": [count for _, _, count in links],
            "color": "rgba(77,77,77,0.25)",
            "hovertemplate": "%{source.label} → %{target.label}：%{value}団体<extra></extra>",
        },
        "textfont": {"size": 14, "color": "#1A1A1A"},
    }
    return {"data": [trace], "layout": layout()}


def ink(ground: str) -> str:
    """Text colour on a fill "#RRGGBB": the one of black and white with the higher contrast."""
    red, green, blue = (int(ground[at : at + 2], 16) / 255 for at in (1, 3, 5))
    light = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return "#1A1A1A" if (light + 0.05) / 0.06 > 1.05 / (light + 0.05) else "#FFFFFF"


def _few(series: Mapping[str, Any], most: int = len(SERIES)) -> None:
    if len(series) > most:
        raise ValueError(f"At most {most} series can be told apart; show a table instead.")


def _label(value: Any, unit: str = "") -> str:
    return "" if value is None else f"{numbers.plain(value)}{unit}"


def table_of(header: Sequence[str], rows: Sequence[Sequence[Any]], digits: int | None = None) -> ChartTable:
    """Figures formatted for reading; None becomes 「—」."""

    def cell(value: Any) -> str:
        if isinstance(value, str):
            return value
        return numbers.MISSING if value is None else numbers.plain(value, digits)

    return ChartTable(tuple(header), tuple(tuple(map(cell, row)) for row in rows))
