"""The dashboard as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import View

from dxportal.core.intake.export import Sheet, file_response
from dxportal.core.organizations.then import now_cells, now_titles
from dxportal.portal.domain.dashboard.content import Dashboard, DashboardTown
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.forms.dashboard import DashboardAddress
from dxportal.portal.forms.figures import FiguresAddress
from dxportal.portal.views.common import audience_for, chosen_survey, reading_for, surveys_for
from dxportal.portal.views.dashboard import page
from dxportal.portal.views.files import Line, notes, number


class DashboardExport(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        audience = audience_for(request)
        survey = chosen_survey(request, surveys_for(request.user), audience)
        reading = reading_for(request, audience, SnapshotKind.DASHBOARD, survey.pk) if survey else None
        if survey is None or reading is None:
            raise Http404
        dashboard = page.stored(reading, audience)
        context = page.page(dashboard, DashboardAddress(request.GET).wanted(), audience, timezone.localdate())
        if context["suppressed"]:
            raise Http404
        wanted = FiguresAddress(request.GET).values.format
        return file_response(f"県ダッシュボード_{survey.title}", dashboard_sheets(context, reading), wanted)


def dashboard_sheets(context: page.Context, reading: SnapshotReading) -> list[Sheet]:
    dashboard: Dashboard = context["data"]
    hidden: bool = context["hidden"]
    sections = [f"{section.title}（{section.worth}点）" for section in dashboard.sections]
    place = () if hidden else ("団体コード", "振興局", "人口")
    total = f"総合点（{dashboard.maximum}点）"
    towns = [row.town for row in context["heat"] or context["rows"]]
    header = ("団体", *place, "支援分類", "前回の支援分類", total, *sections, "支援優先度", *now_titles(towns))
    rows = [(*town_line(town, dashboard, hidden=hidden), *now_cells(town, towns)) for town in towns]
    tiers = [(tier.tier, tier.name, tier.count, tier.last) for tier in context["figures"].tiers]
    about = notes(dashboard.survey, reading, "total-score", "section-score", "tier")
    sheets = [
        Sheet("市町村別", header, rows, about),
        Sheet("支援分類", ("段階", "分類", "今回", "前回"), tiers),
        Sheet("まとめ", ("内容",), [(sentence,) for sentence in context["summary"]]),
    ]
    origins = [
        (row.town.name, row.tier, row.words, name, tier) for row in context["joined"] for name, tier in row.before
    ]
    title = ("団体", "今回の支援分類", "異動", "前身の団体", "前身の団体の前回の支援分類")
    return [*sheets, Sheet("前身の団体", title, origins)] if origins else sheets


def town_line(town: DashboardTown, dashboard: Dashboard, *, hidden: bool) -> Line:
    names = {tier.tier: tier.name for tier in dashboard.tiers}
    place = () if hidden else (town.code, town.bureau, town.population)
    cells = [number(cell) for cell in town.cells or [None] * len(dashboard.sections)]
    tiers = [names.get(tier) if tier is not None else None for tier in (town.tier, town.tier_last)]
    return (town.name, *place, *tiers, number(town.total), *cells, town.priority)
