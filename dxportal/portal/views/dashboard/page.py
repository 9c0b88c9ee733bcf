"""The prefecture dashboard: the stored figures seen through a reader's scope and filter."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.generic import View

from assessments.enums import SurveyState
from dxportal.core.organizations.domain.population import POPULATION_BANDS
from dxportal.core.organizations.then import origins_label
from dxportal.core.ui import charts
from dxportal.core.ui.japanese import fiscal_label
from dxportal.core.ui.numbers import MISSING, plain, share, signed
from dxportal.portal.domain import lens
from dxportal.portal.domain.dashboard import hiding, narrowing
from dxportal.portal.domain.dashboard.content import Dashboard, DashboardTown, TierCount
from dxportal.portal.domain.dashboard.filters import DashboardFilter
from dxportal.portal.domain.dashboard.narrowing import Narrowed
from dxportal.portal.domain.lens import FigureAudience
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.forms.dashboard import DashboardAddress
from dxportal.portal.views import words
from dxportal.portal.views.common import (
    Choices,
    audience_for,
    chosen_survey,
    fragment,
    no_figures,
    reading_for,
    survey_choices,
    surveys_for,
)
from dxportal.portal.views.dashboard import tiles
from dxportal.portal.views.dashboard.tiles import LinkedTown

Context = dict[str, Any]
NEEDS_SUPPORT = (1, 2)
DEFINITIONS = {tiles.TIER: "tier", tiles.TOTAL: "total-score"}


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure that stands out; ``definition`` is the slug of its definition."""

    label: str
    value: str
    unit: str = ""
    change: str = ""
    note: str = ""
    href: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """Who changed from one tier to another; ``towns`` only of those whom the reader may name."""

    before: str
    after: str
    up: bool
    count: int
    towns: Sequence[LinkedTown]


@dataclass(frozen=True, slots=True)
class Succeeded:
    """Who took the place of others: ``before``: their names, each with its tier then."""

    town: LinkedTown
    words: str
    tier: str
    before: Sequence[tuple[str, str]]


class DashboardPage(View):
    """Reads one snapshot row; a filter works on its municipalities in memory."""

    def get(self, request: HttpRequest) -> HttpResponse:
        audience = audience_for(request)
        surveys = surveys_for(request.user)
        survey = chosen_survey(request, surveys, audience)
        reading = reading_for(request, audience, SnapshotKind.DASHBOARD, survey.pk) if survey else None
        context = {"surveys": survey_choices(surveys), "survey": survey, "reading": reading, "audience": audience}
        if reading is not None:
            context["body"] = body(request, reading, audience, context["surveys"])
        elif survey is not None:
            context |= no_figures(request)
        return render(request, "portal/dashboard/page.html", context)


def body(request: HttpRequest, reading: SnapshotReading, audience: FigureAudience, surveys: Choices) -> SafeString:
    today = timezone.localdate()

    def draw() -> str:
        dashboard = stored(reading, audience)
        context = page(dashboard, DashboardAddress(request.GET).wanted(), audience, today)
        context |= around(context, request.GET, reading.computed_at) | {"surveys": surveys}
        return render_to_string("portal/dashboard/_body.html", context, request=request)

    query = request.GET.urlencode()
    return fragment("dashboard", reading, audience.mark, query, today, tuple(surveys), reading.computed_at, draw=draw)


def stored(reading: SnapshotReading, audience: FigureAudience) -> Dashboard:
    """As the reader may see it."""
    kind = SnapshotKind.DASHBOARD.public if audience.public else SnapshotKind.DASHBOARD
    dashboard = reading.only(kind, Dashboard)
    return lens.dashboard(dashboard, audience)


def page(dashboard: Dashboard, wanted: DashboardFilter, audience: FigureAudience, today: dt.date) -> Context:
    """``suppressed``: names are hidden and the group is too small to show anything of it."""
    if audience.public:
        wanted = replace(wanted, bureau=None, band="", tier=None, hidden=False)
    hidden = wanted.hidden and audience.everything
    kept = [town for town in dashboard.towns if wanted.keeps(town)]
    context: Context = {
        "data": dashboard,
        "asked": wanted,
        "audience": audience,
        "hidden": hidden,
        "bureaus": list({town.bureau_id: town.bureau for town in dashboard.towns}.items()),
        "bands": [(band.code, band.label) for band in POPULATION_BANDS],
        "kept": len(kept),
        "all_towns": len(dashboard.towns),
        "suppressed": hidden and wanted.narrowing and hiding.too_small(len(kept), len(dashboard.towns)),
    }
    if context["suppressed"]:
        return context
    figures = narrowing.part(dashboard, kept) if wanted.narrowing else narrowing.whole(dashboard)
    if hidden:
        dashboard, kept = under_stand_ins(dashboard, kept)
        context["data"] = dashboard
    linked = [linked_town(town, dashboard, audience, hidden=hidden) for town in kept]
    context |= charts_and_tables(dashboard, figures, linked, hidden=hidden)
    context["kpis"] = kpis(dashboard, figures, audience, today)
    context["heat"] = tiles.heat_rows(dashboard, [row for row in linked if row.town.total is not None], wanted.sort)
    if audience.public:
        context["unscored"] = []  # none of their scores is shown anyway
    return context | places(dashboard, linked, wanted, hidden=hidden)


def under_stand_ins(dashboard: Dashboard, kept: Sequence[DashboardTown]) -> tuple[Dashboard, list[DashboardTown]]:
    """In a survey's own order of stand-in names: the same secret, so that pages of one survey agree."""
    secret = f"{settings.SECRET_KEY}:names:{dashboard.survey.id}"
    everybody = hiding.hidden(dashboard.towns, secret)
    return replace(dashboard, towns=tuple(everybody)), hiding.hidden(kept, secret)


def charts_and_tables(
    dashboard: Dashboard, figures: Narrowed, linked: Sequence[LinkedTown], *, hidden: bool
) -> Context:
    tiers = figures.tiers
    return {
        "rows": linked,
        "unscored": [row for row in linked if row.town.total is None] if dashboard.scored_count else [],
        "figures": figures,
        "summary": summary(dashboard, figures),
        "movements": [] if hidden else movements(figures, {row.town.id: row for row in linked}),
        "joined": [] if hidden else succeeded(figures, {row.town.id: row for row in linked}),
        "flow_chart": flow_chart(dashboard, figures),
        "mean_chart": mean_chart(dashboard),
        "tier_now": [(tier.tier, words.tier_label(tier), tier.count) for tier in tiers],
        "tier_last": [(tier.tier, words.tier_label(tier), tier.last) for tier in tiers if tier.last is not None],
    }


def linked_town(town: DashboardTown, dashboard: Dashboard, audience: FigureAudience, *, hidden: bool) -> LinkedTown:
    """``href``: the karte, for those who may open it."""
    opens = not hidden and audience.opens(town.id, town.prefecture_id)
    href = f"{reverse('portal:karte', args=[town.id])}?survey={dashboard.survey.id}" if opens else ""
    worths = [section.worth for section in dashboard.sections]
    return LinkedTown(town, href, tuple(zip(town.cells, worths, strict=False)))


def places(dashboard: Dashboard, linked: Sequence[LinkedTown], wanted: DashboardFilter, *, hidden: bool) -> Context:
    """The map with its legend, and the same values as a list; a place would name a town."""
    measures = tiles.measures(dashboard)
    measure = tiles.chosen_measure(dashboard, wanted.measure)
    if not measure:
        return {"measure": "", "measures": measures, "measure_label": "", "groups": [], "legend": [], "ranked": []}
    return {
        "measure": measure,
        "measures": measures,
        "measure_label": dict(measures)[measure],
        "groups": [] if hidden else tiles.tile_groups(dashboard, measure, linked),
        "legend": tiles.legend(dashboard, measure, linked),
        "ranked": tiles.ranked(dashboard, measure, linked, wanted.order),
    }


def around(context: Context, query: QueryDict, computed_at: dt.datetime) -> Context:
    """Small texts and addresses around the figures."""
    dashboard: Dashboard = context["data"]
    rest = query.copy()
    rest.pop("order", None)
    step = words.step_label(dashboard.decision.step)
    figures: Narrowed | None = context.get("figures")
    return {
        "tiered": any(tier.count or tier.last for tier in dashboard.tiers),
        "notices": notices(dashboard, context["audience"]),
        "count_line": count_line(context),
        "by_code": "記号順" if context["hidden"] else "団体コード順",
        "query": query.urlencode() or f"survey={dashboard.survey.id}",
        "order_query": f"{rest.urlencode()}&" if rest else "",
        "as_of": dashboard.run_as_of or computed_at,  # of the answers that the scores were computed from
        "measure_definition": DEFINITIONS.get(context.get("measure", ""), "section-score"),
        "has_last": figures is not None and any(section.last is not None for section in figures.sections),
        "tiers": [(tier.tier, words.tier_label(tier)) for tier in dashboard.tiers],
        "tier_note": f"段階：{step}" if step else "",
        "last_year": fiscal_label(dashboard.last.year) if dashboard.last else "",
    }


def count_line(context: Context) -> str:
    """How many municipalities the page shows, of how many, and of whom its means speak."""
    audience: FigureAudience = context["audience"]
    narrowed = context["asked"].narrowing
    text = f"{'' if audience.everything else '担当の'}{context['all_towns']}団体"
    if narrowed and not context["suppressed"]:
        text += f"中 {context['kept']}団体を表示"
    if audience.everything:
        return text
    return f"{text}（平均と分布は県全体{'ではなく、表示中の団体' if narrowed else ''}のものです）"


def notices(dashboard: Dashboard, audience: FigureAudience) -> list[str]:
    """What a reader must know before reading: partial, undecided, unpublished."""
    sentences = []
    decision = dashboard.decision
    if dashboard.handed_in < dashboard.members:
        progress = f"{dashboard.handed_in}／{dashboard.members}団体が提出"
        sentences.append(f"集計中です（{progress}）。提出済みの回答だけを数えています。")
    if decision.step and not decision.published:
        label = words.step_label(decision.step)
        sentences.append(f"支援分類は決定前（段階：{label}）で、市町村には公表していません。取扱いに注意してください。")
    if not dashboard.maximum and not dashboard.survey.imported and dashboard.handed_in:
        sentences.append("得点はありません（採点しない調査か、算定の前です）。設問ごとの結果と比較表は下から開けます。")
    if audience.public and not decision.published:
        sentences.append("得点と支援分類は公表前です。県が決定・公表すると、ここに分布と平均を表示します。")
    return sentences


def summary(dashboard: Dashboard, figures: Narrowed) -> list[str]:
    """The dashboard in sentences."""
    last_year = fiscal_label(dashboard.last.year) if dashboard.last else ""
    if dashboard.survey.imported:
        sentences = [f"{dashboard.members}団体の得点を取り込んでいます。"]
    else:
        rate = share(dashboard.handed_in, dashboard.members)
        counts = f"対象{dashboard.members}団体のうち{dashboard.handed_in}団体"
        sentences = [f"{counts}が回答しました（回答率{rate}）。"]
    if figures.mean is not None:
        mean = f"総合点の平均は{plain(figures.mean, 1)}点（{dashboard.maximum}点満点、{figures.count}団体）"
        compared = "" if figures.change is None else f"で、{last_year}の同じ団体の平均より{signed(figures.change)}点"
        sentences.append(f"{mean}{compared}です。")
    if any(tier.count for tier in figures.tiers):
        counts = "、".join(f"{tier.name}{tier.count}団体" for tier in figures.tiers)
        sentences.append(f"支援分類は{counts}です。")
    if figures.flows:
        sentences.append(
            f"{last_year}から分類が上がったのは{figures.moved_up}団体、"
            f"下がったのは{figures.moved_down}団体、変わらないのは{figures.stayed}団体です。"
        )
    if figures.joined:
        sentences.append(
            f"{last_year}から合併などがあった{len(figures.joined)}団体は、前身の団体の分類を並べて示し、合算していません。"
        )
    given = [town.priority for town in figures.towns if town.priority]
    if priorities := [f"{level}{given.count(level)}団体" for level in ("高", "中", "低") if level in given]:
        sentences.append(f"支援優先度は{'、'.join(priorities)}です。")
    if rates := _rates_sentence(figures):
        sentences.append(rates)
    return sentences


def _rates_sentence(figures: Narrowed) -> str:
    """The sections with the highest and the lowest share of points, where they differ."""
    rated = [
        (section.mean / section.worth, section)
        for section in figures.sections
        if section.mean is not None and section.worth
    ]
    if len({rate for rate, _ in rated}) < 2:
        return ""
    best, worst = max(rated, key=lambda pair: pair[0]), min(rated, key=lambda pair: pair[0])
    return (
        f"得点率が最も高いのは「{best[1].title}」（{share(best[0], 1)}）、"
        f"最も低いのは「{worst[1].title}」（{share(worst[0], 1)}）です。"
    )


def movements(figures: Narrowed, towns: dict[int, LinkedTown]) -> list[Movement]:
    """Who changed tier; names only of rows in reach."""
    names = tier_names(figures.tiers)
    return [
        Movement(
            before=names[flow.before],
            after=names[flow.after],
            up=flow.after > flow.before,
            count=flow.count,
            towns=[towns[town] for town in flow.towns if town in towns],
        )
        for flow in figures.flows
        if flow.after != flow.before
    ]


def succeeded(figures: Narrowed, towns: dict[int, LinkedTown]) -> list[Succeeded]:
    """Neither moved nor new: tiers of those before are named beside the present one and never added up."""
    names = tier_names(figures.tiers)
    return [
        Succeeded(
            town=towns[joined.town],
            words=origins_label(joined.event, [origin.name for origin in joined.origins]),
            tier=names.get(joined.tier or 0, MISSING),
            before=[(f"旧{origin.name}", names.get(origin.tier or 0, "分類なし")) for origin in joined.origins],
        )
        for joined in figures.joined
        if joined.town in towns
    ]


def tier_names(tiers: Sequence[TierCount]) -> dict[int, str]:
    return {tier.tier: words.tier_label(tier) for tier in tiers}


def flow_chart(dashboard: Dashboard, figures: Narrowed) -> charts.Chart | None:
    """Movements between the tiers of last year and now."""
    if not figures.flows or not dashboard.last:
        return None
    ordered = [tier.tier for tier in figures.tiers]
    names = tier_names(figures.tiers)
    links = [(ordered.index(flow.before), 4 + ordered.index(flow.after), flow.count) for flow in figures.flows]
    rows = [(f"{names[flow.before]} → {names[flow.after]}", str(flow.count)) for flow in figures.flows]
    moved = f"上がった{figures.moved_up}団体、下がった{figures.moved_down}団体、変わらない{figures.stayed}団体"
    return charts.Chart(
        id="tier-flows",
        title=f"支援分類の移動（{fiscal_label(dashboard.last.year)}から、団体数）",
        reading=f"{moved}。左が前回、右が今回です。",
        figure=charts.flows([names[tier] for tier in ordered] * 2, [charts.TIERS[tier] for tier in ordered] * 2, links),
        table=charts.table_of(("前回 → 今回", "団体数"), rows),
        size="short",
        meta={"source": dashboard.survey.title, "definition_href": reverse("portal:definition", args=["movement"])},
    )


def mean_chart(dashboard: Dashboard) -> charts.Chart | None:
    """The prefecture's mean over the years; a filter leaves it alone. None for a single survey."""
    means = dashboard.means
    if len(means) < 2:
        return None
    labels = [words.year_and_round(mean.year, mean.round) for mean in means]
    texts = [plain(mean.mean, 1) for mean in means]
    rows = [(label, text, str(mean.count)) for label, text, mean in zip(labels, texts, means, strict=True)]
    return charts.Chart(
        id="mean-line",
        title=f"県平均の推移（総合点の平均、{dashboard.maximum}点満点）",
        reading=f"{labels[0]}の{texts[0]}点から、{labels[-1]}は{texts[-1]}点です。",
        figure=charts.lines(labels, {"県平均": [mean.mean for mean in means]}, maximum=dashboard.maximum),
        table=charts.table_of(("調査", "平均（点）", "団体数"), rows),
        size="short",
        meta={
            "source": "各年度の調査の有効な算定",
            "definition_href": reverse("portal:definition", args=["mean-line"]),
        },
    )


def kpis(dashboard: Dashboard, figures: Narrowed, audience: FigureAudience, today: dt.date) -> list[Kpi]:
    cards = (
        _rate_kpi(dashboard, audience),
        _mean_kpi(dashboard, figures),
        _support_kpi(dashboard, figures),
        _days_kpi(dashboard, today),
    )
    return [card for card in cards if card is not None]


def _rate_kpi(dashboard: Dashboard, audience: FigureAudience) -> Kpi | None:
    if dashboard.survey.imported:
        return None
    last = dashboard.last
    return Kpi(
        label="回答率",
        value=share(dashboard.handed_in, dashboard.members).removesuffix("%"),
        unit="%" if dashboard.members else "",
        change=f"{fiscal_label(last.year)}は{share(last.handed_in, last.members)}" if last else "",
        note=f"{dashboard.handed_in}／{dashboard.members}団体",
        href=reverse("assessments:survey_detail", args=[dashboard.survey.id]) if audience.everything else "",
        definition="response-rate",
    )


def _mean_kpi(dashboard: Dashboard, figures: Narrowed) -> Kpi | None:
    if figures.mean is None:
        return None
    change = ""
    if figures.change is not None and dashboard.last:
        change = f"{fiscal_label(dashboard.last.year)}の同じ団体より{signed(figures.change)}"
    return Kpi(
        label="平均総合点",
        value=plain(figures.mean, 1),
        unit=f"／{dashboard.maximum}点",
        change=change,
        note=f"{figures.count}団体の平均",
        href="#heat-table" if any(town.total is not None for town in figures.towns) else "",
        definition="total-score",
    )


def _support_kpi(dashboard: Dashboard, figures: Narrowed) -> Kpi | None:
    if not any(tier.count for tier in figures.tiers):
        return None
    low = [tier for tier in figures.tiers if tier.tier in NEEDS_SUPPORT]
    now = sum(tier.count for tier in low)
    change = ""
    # Compared only where the same number has a tier both times: otherwise the difference says who was asked.
    if dashboard.last and all(tier.last is not None for tier in low):
        tiered, tiered_last = sum(tier.count for tier in figures.tiers), sum(tier.last or 0 for tier in figures.tiers)
        if tiered == tiered_last and not figures.joined:
            before = sum(tier.last or 0 for tier in low)
            change = f"{fiscal_label(dashboard.last.year)}より{signed(now - before, 0)}団体"
    return Kpi(
        label="支援が要る団体",
        value=plain(now),
        unit="団体",
        change=change,
        note="分類C・Dの団体数",
        href="#tiers",
        definition="needs-support",
    )


def _days_kpi(dashboard: Dashboard, today: dt.date) -> Kpi | None:
    if dashboard.survey.imported:
        return None
    closes = timezone.localtime(dashboard.survey.closes_at).date()
    left = (closes - today).days
    value, unit = "締切済", ""
    if dashboard.survey.state == SurveyState.OPEN:
        value, unit = (plain(left), "日") if left >= 0 else ("締切を過ぎています", "")
    note = f"締切 {closes.year}年{closes.month}月{closes.day}日"
    return Kpi(label="調査の残り", value=value, unit=unit, note=note, definition="days-left")
