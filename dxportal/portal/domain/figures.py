"""The dashboard's figures over the municipalities that a filter keeps, from the snapshot's rows: no query."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.domain.scores import aggregation
from assessments.domain.tiers import comparison
from assessments.enums import SurveySource
from dxportal.core.ui.numbers import plain, share, signed

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """``count``: municipalities with a score; ``change``: of their mean since last year, over those scored both times;
    ``tiers``: those of the snapshot with counts of the kept rows.
    """

    towns: Sequence[Data]
    count: int
    mean: Fraction | None
    change: Fraction | None
    sections: Sequence[Data]
    tiers: Sequence[Data]
    flows: Sequence[Data]
    moved_up: int
    moved_down: int
    stayed: int


def whole(data: Data) -> Figures:
    """As the snapshot says."""
    sections = [_section(one, exact(one["mean"]), exact(one["mean_last"])) for one in data["sections"]]
    flows = data["flows"]
    change = exact(data["mean_change"])
    return Figures(
        data["towns"],
        data["scored_count"],
        exact(data["mean"]),
        change,
        sections,
        data["tiers"],
        flows,
        *_moves(flows),
    )


def part(data: Data, towns: Sequence[Data]) -> Figures:
    """Over some of the rows. Last year's section means are the whole's business and left out."""
    totals = [exact(town["total"]) for town in towns if town["total"]]
    sections = [
        _section(one, aggregation.mean(exact(town["cells"][at]) for town in towns if town["cells"][at]), None)
        for at, one in enumerate(data["sections"])
    ]
    both = [exact(town["total"]) - exact(town["total_last"]) for town in towns if town["total"] and town["total_last"]]
    change = aggregation.mean(both)
    now = comparison.tier_counts(town["tier"] for town in towns)
    before = comparison.tier_counts(town["tier_last"] for town in towns)
    tiers = [
        {**tier, "count": now[tier["tier"]], "last": before[tier["tier"]] if tier["last"] is not None else None}
        for tier in data["tiers"]
    ]
    kept = {town["id"] for town in towns}
    narrowed = [{**flow, "ids": [one for one in flow["ids"] if one in kept]} for flow in data["flows"]]
    flows = [{**flow, "count": len(flow["ids"])} for flow in narrowed if flow["ids"]]
    return Figures(towns, len(totals), aggregation.mean(totals), change, sections, tiers, flows, *_moves(flows))


def _section(section: Data, mean: Fraction | None, last: Fraction | None) -> Data:
    return {
        **section,
        "mean": mean,
        "mean_last": last,
        "text": plain(mean, 1) if mean is not None else "—",
        "rate": mean / section["worth"] if mean is not None and section["worth"] else None,
        "change": signed(mean - last) if mean is not None and last is not None else "",
    }


def _moves(flows: Sequence[Data]) -> tuple[int, int, int]:
    """Up, down, stayed."""
    return (
        sum(flow["count"] for flow in flows if flow["after"] > flow["before"]),
        sum(flow["count"] for flow in flows if flow["after"] < flow["before"]),
        sum(flow["count"] for flow in flows if flow["after"] == flow["before"]),
    )


def exact(pair: Sequence | None) -> Fraction | None:
    """[numerator, denominator, …] of a snapshot as a fraction."""
    return Fraction(pair[0], pair[1]) if pair else None


def summary(data: Data, figures: Figures) -> list[str]:
    """The dashboard in sentences."""
    said = [_first_sentence(data)]
    if figures.mean is not None:
        said.append(_mean_sentence(data, figures))
    if any(tier["count"] for tier in figures.tiers):
        counts = "、".join(f"{tier['name']}{tier['count']}団体" for tier in figures.tiers)
        said.append(f"支援分類は{counts}です。")
    if figures.flows:
        said.append(
            f"{data['last']['year_label']}から分類が上がったのは{figures.moved_up}団体、"
            f"下がったのは{figures.moved_down}団体、変わらないのは{figures.stayed}団体です。"
        )
    if priorities := _priority_sentence(figures):
        said.append(priorities)
    rated = [one for one in figures.sections if one["rate"] is not None]
    if len({one["rate"] for one in rated}) > 1:
        best, worst = max(rated, key=lambda one: one["rate"]), min(rated, key=lambda one: one["rate"])
        said.append(
            f"得点率が最も高いのは「{best['title']}」（{share(best['mean'], best['worth'])}）、"
            f"最も低いのは「{worst['title']}」（{share(worst['mean'], worst['worth'])}）です。"
        )
    return said


def _first_sentence(data: Data) -> str:
    if data["survey"]["source"] == SurveySource.IMPORTED:
        return f"{data['members']}団体の得点を取り込んでいます。"
    rate = share(data["handed_in"], data["members"])
    return f"対象{data['members']}団体のうち{data['handed_in']}団体が回答しました（回答率{rate}）。"


def _priority_sentence(figures: Figures) -> str:
    """「支援優先度は高3団体、…」, highest first; nothing where nobody has one."""
    given = [town["priority"] for town in figures.towns if town["priority"]]
    counts = [f"{level}{given.count(level)}団体" for level in ("高", "中", "低") if level in given]
    return f"支援優先度は{'、'.join(counts)}です。" if counts else ""


def _mean_sentence(data: Data, figures: Figures) -> str:
    text = f"総合点の平均は{plain(figures.mean, 1)}点（{data['maximum']}点満点、{figures.count}団体）"
    if figures.change is None:
        return f"{text}です。"
    return f"{text}で、{data['last']['year_label']}の同じ団体の平均より{signed(figures.change)}点です。"
