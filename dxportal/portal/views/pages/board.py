"""What the dashboard's template gets: the snapshot seen through a reader's scope and filter."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from assessments.domain.scores.aggregation import BANDS
from assessments.enums import SurveySource, SurveyState
from dxportal.core.ui import charts
from dxportal.core.ui.numbers import plain, share, signed
from dxportal.core.ui.tags.blocks import TIER_LETTERS
from dxportal.core.ui.tags.text import datetime_ja
from dxportal.portal.domain import figures as compute
from dxportal.portal.domain import hiding, lens
from dxportal.portal.domain.figures import Figures
from dxportal.portal.domain.filters import BoardFilter
from dxportal.portal.domain.lens import Audience
from dxportal.portal.views.pages import tiles

Data = dict[str, Any]
NEEDS_SUPPORT = (1, 2)
DEFINITIONS = {tiles.TIER: "tier", tiles.TOTAL: "total-score"}


def page(data: Data, asked: BoardFilter, audience: Audience, today: dt.date) -> Data:
    """``suppressed``: names are hidden and the group is too small to show anything of it."""
    data = lens.board(data, audience)
    if audience.public:
        asked = replace(asked, bureau=None, band="", tier=None, hidden=False)
    hidden = asked.hidden and audience.everything
    kept = [town for town in data["towns"] if asked.keeps(town)]
    head = {
        "data": data,
        "asked": asked,
        "audience": audience,
        "hidden": hidden,
        "bureaus": bureaus(data["towns"]),
        "bands": [(band.code, band.label) for band in BANDS],
        "kept": len(kept),
        "all_towns": len(data["towns"]),
        "suppressed": hidden and asked.narrowing and hiding.too_small(len(kept), len(data["towns"])),
    }
    if head["suppressed"]:
        return head
    found = compute.part(data, kept) if asked.narrowing else compute.whole(data)
    rows = hiding.hidden(kept, secret(data)) if hidden else kept
    if hidden:
        data = {**data, "towns": hiding.hidden(data["towns"], secret(data))}
    return head | parts(data, rows, found, asked, audience, hidden) | {"kpis": kpis(data, found, audience, today)}


def words(context: Data, query: QueryDict, computed_at: dt.datetime) -> Data:
    """Small texts and addresses around the figures."""
    data = context["data"]
    rest = query.copy()
    rest.pop("order", None)
    return {
        "tiered": any(one["count"] or one["last"] for one in data["tiers"]),
        "notices": notices(data, context["audience"]),
        "by_code": "記号順" if context["hidden"] else "団体コード順",
        "query": query.urlencode() or f"survey={data['survey']['id']}",
        "order_query": f"{rest.urlencode()}&" if rest else "",
        "as_of": as_of(data, computed_at),
        "measure_definition": DEFINITIONS.get(context.get("measure", ""), "section-score"),
        "has_last": any(one["mean_last"] is not None for one in context["figures"].sections)
        if "figures" in context
        else False,
        "tier_options": [(one["tier"], f"{TIER_LETTERS[one['tier']]} {one['name']}") for one in data["tiers"]],
        "tier_note": f"段階：{data['classification']['label']}" if data["classification"]["label"] else "",
    }


def notices(data: Data, audience: Audience) -> list[str]:
    """What a reader must know before reading: partial, undecided, unpublished."""
    said = []
    if data["handed_in"] < data["members"]:
        said.append(
            f"集計中です（{data['handed_in']}／{data['members']}団体が提出）。提出済みの回答だけを数えています。"
        )
    if data["classification"]["label"] and not data["classification"]["published"]:
        label = data["classification"]["label"]
        said.append(f"支援分類は決定前（段階：{label}）で、市町村には公表していません。取扱いに注意してください。")
    if not data["maximum"] and data["survey"]["source"] == SurveySource.ANSWERS and data["handed_in"]:
        said.append("得点はありません（採点しない調査か、算定の前です）。設問ごとの結果と比較表は下から開けます。")
    if audience.public and not data["classification"]["published"]:
        said.append("得点と支援分類は公表前です。県が決定・公表すると、ここに分布と平均を表示します。")
    return said


def as_of(data: Data, computed_at: dt.datetime) -> str:
    """The moment of the answers that the scores were computed from, else of the snapshot."""
    return datetime_ja(dt.datetime.fromisoformat(data["run_as_of"]) if data["run_as_of"] else computed_at)


def secret(data: Data) -> str:
    """A survey's own order of stand-in names."""
    return f"{settings.SECRET_KEY}:names:{data['survey']['id']}"


def bureaus(towns: Sequence[Data]) -> list[tuple[int, str]]:
    return list({town["bureau_id"]: town["bureau"] for town in towns}.items())


def parts(
    data: Data, rows: Sequence[Data], found: Figures, asked: BoardFilter, audience: Audience, hidden: bool
) -> Data:
    linked = [with_link(town, data, audience, hidden) for town in rows]
    scored = [town for town in linked if town["total"]]
    return {
        "rows": linked,
        "heat": tiles.heat_rows(data, scored, asked.sort),
        "unscored": [one for one in linked if not one["total"]] if data["scored"] and not audience.public else [],
        "figures": found,
        "mean_total": plain(found.mean, 1) if found.mean is not None else "",
        "summary": compute.summary(data, found),
        "movements": [] if hidden else movements(found, {town["id"]: town for town in linked}),
        "flow_chart": flow_chart(data, found),
        "mean_chart": mean_chart(data),
        "tier_now": tier_bar(found.tiers, "count"),
        "tier_last": tier_bar(found.tiers, "last") if any(one["last"] is not None for one in found.tiers) else [],
        **places(data, linked, asked, hidden),
    }


def with_link(town: Data, data: Data, audience: Audience, hidden: bool) -> Data:
    """``href``: the karte, for those who may open it."""
    opens = not hidden and audience.opens(town["id"], town["prefecture_id"])
    href = f"{reverse('portal:karte', args=[town['id']])}?survey={data['survey']['id']}" if opens else ""
    return {**town, "href": href, "letter": TIER_LETTERS.get(town["tier"], "")}


def places(data: Data, linked: Sequence[Data], asked: BoardFilter, hidden: bool) -> Data:
    """The map with its legend, and the same values as a list; a place would name a town."""
    measure, known = tiles.chosen_measure(data, asked.measure), tiles.measures(data)
    return {
        "measure": measure,
        "measures": known,
        "measure_label": dict(known).get(measure, ""),
        "groups": tiles.tile_groups(data, measure, linked) if measure and not hidden else [],
        "legend": tiles.legend(data, measure, linked) if measure else [],
        "ranked": tiles.ranked(data, measure, linked, asked.order) if measure else [],
    }


def tier_bar(tiers: Sequence[Data], field: str) -> list[tuple[int, str, int]]:
    return [(one["tier"], f"{TIER_LETTERS[one['tier']]} {one['name']}", one[field] or 0) for one in tiers]


def movements(found: Figures, towns: dict[int, Data]) -> list[Data]:
    """Who changed tier; names only of rows in reach."""
    names = {one["tier"]: one["name"] for one in found.tiers}
    return [
        {
            **flow,
            "before_name": f"{TIER_LETTERS[flow['before']]} {names[flow['before']]}",
            "after_name": f"{TIER_LETTERS[flow['after']]} {names[flow['after']]}",
            "up": flow["after"] > flow["before"],
            "towns": [towns[one] for one in flow["ids"] if one in towns],
        }
        for flow in found.flows
        if flow["after"] != flow["before"]
    ]


def flow_chart(data: Data, found: Figures) -> charts.Chart | None:
    """Movements between the tiers of last year and now."""
    if not found.flows or not data["last"]:
        return None
    ordered = [one["tier"] for one in found.tiers]
    names = {one["tier"]: f"{TIER_LETTERS[one['tier']]} {one['name']}" for one in found.tiers}
    labels = [names[tier] for tier in ordered] * 2
    links = [(ordered.index(one["before"]), 4 + ordered.index(one["after"]), one["count"]) for one in found.flows]
    rows = [(f"{names[one['before']]} → {names[one['after']]}", str(one["count"])) for one in found.flows]
    return charts.Chart(
        id="tier-flows",
        title=f"支援分類の移動（{data['last']['year_label']}から、団体数）",
        reading=f"上がった{found.moved_up}団体、下がった{found.moved_down}団体、変わらない{found.stayed}団体。左が前回、右が今回です。",
        figure=charts.flows(labels, [charts.TIERS[tier] for tier in ordered] * 2, links),
        table=charts.table_of(("前回 → 今回", "団体数"), rows),
        size="short",
        meta={"source": data["survey"]["title"], "definition_href": reverse("portal:definition", args=["movement"])},
    )


def mean_chart(data: Data) -> charts.Chart | None:
    """The prefecture's mean over the years; a filter leaves it alone. None for a single survey."""
    rows = data.get("means", [])
    if len(rows) < 2:
        return None
    first, last = rows[0], rows[-1]
    labels = [one["label"] for one in rows]
    means = [compute.exact(one["mean"]) for one in rows]
    return charts.Chart(
        id="mean-line",
        title=f"県平均の推移（総合点の平均、{data['maximum']}点満点）",
        reading=f"{first['label']}の{first['mean'][2]}点から、{last['label']}は{last['mean'][2]}点です。",
        figure=charts.lines(labels, {"県平均": means}, maximum=data["maximum"]),
        table=charts.table_of(
            ("調査", "平均（点）", "団体数"), [(one["label"], one["mean"][2], str(one["count"])) for one in rows]
        ),
        size="short",
        meta={
            "source": "各年度の調査の有効な算定",
            "definition_href": reverse("portal:definition", args=["mean-line"]),
        },
    )


def kpis(data: Data, found: Figures, audience: Audience, today: dt.date) -> list[Data]:
    return [
        one for one in (_rate(data, audience), _mean(data, found), _needing(data, found), _days(data, today)) if one
    ]


def _rate(data: Data, audience: Audience) -> Data | None:
    if data["survey"]["source"] == SurveySource.IMPORTED:
        return None
    last = data["last"]
    staff = reverse("assessments:survey_detail", args=[data["survey"]["id"]]) if audience.everything else ""
    change = f"{last['year_label']}は{share(last['handed_in'], last['members'])}" if last else ""
    return {
        "label": "回答率",
        "value": share(data["handed_in"], data["members"]).removesuffix("%"),
        "unit": "%" if data["members"] else "",
        "change": change,
        "note": f"{data['handed_in']}／{data['members']}団体",
        "href": staff,
        "definition": "response-rate",
    }


def _mean(data: Data, found: Figures) -> Data | None:
    if found.mean is None:
        return None
    change = ""
    if found.change is not None:
        change = f"{data['last']['year_label']}の同じ団体より{signed(found.change)}"
    return {
        "label": "平均総合点",
        "value": plain(found.mean, 1),
        "unit": f"／{data['maximum']}点",
        "change": change,
        "note": f"{found.count}団体の平均",
        "href": "#heat-table" if any(town["total"] for town in found.towns) else "",
        "definition": "total-score",
    }


def _needing(data: Data, found: Figures) -> Data | None:
    low = [one for one in found.tiers if one["tier"] in NEEDS_SUPPORT]
    if not any(one["count"] for one in found.tiers):
        return None
    now = sum(one["count"] for one in low)
    change = ""
    tiered, tiered_last = (sum(one[field] or 0 for one in found.tiers) for field in ("count", "last"))
    if all(one["last"] is not None for one in low) and tiered == tiered_last:
        change = f"{data['last']['year_label']}より{signed(now - sum(one['last'] for one in low), 0)}団体"
    return {
        "label": "支援が要る団体",
        "value": plain(now),
        "unit": "団体",
        "change": change,
        "note": "分類C・Dの団体数",
        "href": "#tiers",
        "definition": "needs-support",
    }


def _days(data: Data, today: dt.date) -> Data | None:
    if data["survey"]["source"] == SurveySource.IMPORTED:
        return None
    closes = timezone.localtime(dt.datetime.fromisoformat(data["survey"]["closes_at"])).date()
    if data["survey"]["state"] == SurveyState.OPEN:
        left = (closes - today).days
        value, unit = (plain(left), "日") if left >= 0 else ("締切を過ぎています", "")
    else:
        value, unit = "締切済", ""
    return {
        "label": "調査の残り",
        "value": value,
        "unit": unit,
        "change": "",
        "note": f"締切 {closes.year}年{closes.month}月{closes.day}日",
        "href": "",
        "definition": "days-left",
    }
