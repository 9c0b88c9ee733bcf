"""What the pages of a karte get."""

from collections.abc import Sequence
from typing import Any

from dxportal.core.ui import charts
from dxportal.core.ui.numbers import signed
from dxportal.core.ui.tags.blocks import TIER_LETTERS
from dxportal.portal.domain.figures import exact

Data = dict[str, Any]
TABS = (("overview", "概要"), ("areas", "領域別"), ("history", "経年"), ("answers", "回答一覧"))


def entry_of(entries: Sequence[Data], wanted: str) -> Data | None:
    """The survey asked for, else the newest with scores, else the newest."""
    asked = next((one for one in entries if str(one["survey"]["id"]) == wanted), None)
    scored = next((one for one in entries if one.get("scores") and one["scores"]["total"]), None)
    return asked or scored or next(iter(entries), None)


def overview(entry: Data | None) -> Data:
    """The figures of one survey in the order in which they are read."""
    scores = entry["scores"] if entry else None
    if not scores:
        return {"scores": None, "kpis": []}
    areas = {one["area"]: one for one in scores.get("areas", [])}
    return {
        "scores": scores,
        "letter": TIER_LETTERS.get(scores["tier"], ""),
        "kpis": kpis(scores) if scores["total"] else [],
        "sections": [section(one) for one in scores.get("sections", [])],
        "strengths": [areas[name] for name in scores.get("strengths", [])],
        "gaps": [areas[name] for name in scores.get("gaps", [])],
        "areas": list(areas.values()),
    }


def past(entries: Sequence[Data]) -> list[Data]:
    """Totals and tiers of all surveys, newest first."""
    scored = [one for one in entries if one["scores"]]
    return [
        {
            **one,
            "letter": TIER_LETTERS.get(one["scores"]["tier"], ""),
            "total": exact(one["scores"]["total"]),
            "mean": exact(one["scores"].get("mean")),
        }
        for one in scored
    ]


def kpis(scores: Data) -> list[Data]:
    found = [_kpi("総合点", scores["total"][2], f"／{scores['maximum']}点", scores["change"], "total-score")]
    found[0]["note"] = f"算定した{scores['count']}団体"
    for label, mean, definition in (
        ("県平均との差", scores["mean"], "total-score"),
        ("同規模団体との差", scores["peer_mean"], "peers"),
    ):
        if mean:
            one = _kpi(label, signed(exact(scores["total"]) - exact(mean)), "点", "", definition)
            found.append(one | {"note": f"平均 {mean[2]}点"})
    return found


def _kpi(label: str, value: str, unit: str, change: str, definition: str) -> Data:
    said = f"前年度より{change}" if change else ""
    return {"label": label, "value": value, "unit": unit, "change": said, "href": "", "definition": definition}


def section(one: Data) -> Data:
    """Exact values for the bar, texts for the table, and the comparison in words."""
    return {
        **one,
        "value": exact(one["own"]),
        "tick": exact(one["mean"]),
        "text": one["own"][2] if one["own"] else "—",
        "mean_text": one["mean"][2] if one["mean"] else "—",
        "peer_text": one["peer"][2] if one["peer"] else "—",
        "word": _word(one),
    }


def _word(one: Data) -> str:
    if not one["own"] or not one["mean"]:
        return ""
    difference = exact(one["own"]) - exact(one["mean"])
    return "県平均と同じ" if not difference else f"県平均より{signed(difference)}"


def history(entries: Sequence[Data]) -> Data:
    """Oldest first: the line of totals, the sections by survey, the tiers."""
    scored = [one for one in reversed(entries) if one["scores"] and one["scores"]["total"]]
    return {
        "rows": list(reversed(scored)),
        "chart": line(scored) if len(scored) > 1 else None,
        "labels": labels(scored),
    }


def labels(scored: Sequence[Data]) -> list[tuple[str, str]]:
    """Every section that any of the surveys scored: (code, short label)."""
    found: dict[str, str] = {}
    for one in scored:
        found |= {section["code"]: section["label"] for section in one["scores"]["sections"]}
    return list(found.items())


def line(scored: Sequence[Data]) -> charts.Chart:
    years = [f"{one['survey']['year']}年度{one['survey']['round']}" for one in scored]
    own = [exact(one["scores"]["total"]) for one in scored]
    mean = [exact(one["scores"]["mean"]) for one in scored]
    rows = [
        (year, one["scores"]["total"][2], one["scores"]["mean"][2] if one["scores"]["mean"] else "—")
        for year, one in zip(years, scored, strict=True)
    ]
    return charts.Chart(
        id="karte-line",
        title=f"総合点の推移（点、{scored[-1]['scores']['maximum']}点満点）",
        reading=f"{years[0]}の{rows[0][1]}点から、{years[-1]}は{rows[-1][1]}点です。",
        figure=charts.lines(years, {"本団体": own, "県平均": mean}, maximum=scored[-1]["scores"]["maximum"]),
        table=charts.table_of(("調査", "本団体", "県平均"), rows),
        size="short",
    )


def history_rows(entries: Sequence[Data], codes: Sequence[tuple[str, str]]) -> list[Data]:
    """Newest first; a section that a survey did not have stays empty."""
    found = []
    for one in entries:
        own = {section["code"]: section["own"] for section in one["scores"]["sections"]}
        cells = [own.get(code) for code, _ in codes]
        found.append({**one, "letter": TIER_LETTERS.get(one["scores"]["tier"], ""), "cells": cells})
    return found
