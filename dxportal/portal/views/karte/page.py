"""A municipality's karte and the list of those that a person may open."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.generic import View

from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.models import Organization
from dxportal.core.ui import charts
from dxportal.core.ui.numbers import MISSING, plain, signed
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs
from dxportal.portal.domain.karte.joined import ComparedEntry, ComparedSection, Karte
from dxportal.portal.domain.karte.reading import stored_answers, stored_karte
from dxportal.portal.domain.lens import FigureAudience
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.forms.figures import SurveyAddress
from dxportal.portal.views import cases, consultations
from dxportal.portal.views.common import audience_for, fragment, no_figures, reading_for
from dxportal.portal.views.dashboard.page import Kpi
from dxportal.portal.views.words import section_label, survey_name, year_and_round

Context = dict[str, Any]
TABS = (
    ("overview", "概要", "karte"),
    ("areas", "領域別", "karte_areas"),
    ("history", "経年", "karte_history"),
    ("answers", "回答一覧", "karte_answers"),
)


class KarteList(ListPage):
    """Municipalities in reach by bureau; somebody who reaches one alone goes straight to it."""

    model = Organization
    scope = "for_user"
    related = ("parent",)
    per_page = None
    template_name = "portal/karte/list.html"
    heading = "市町村DXカルテ"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        audience_for(request)
        self.towns = list(self.all_rows())
        if len(self.towns) == 1:
            return redirect("portal:karte", self.towns[0].pk)
        return super().get(request, *args, **kwargs)

    def queryset(self, rows: Any) -> Any:
        return rows.municipalities().order_by("parent__sort_order", "parent", "sort_order", "code", "pk")

    def filtered(self, rows: Any) -> list[Organization]:
        return self.towns

    def crumbs(self) -> Crumbs:
        return crumbs("カルテ")

    def get_context_data(self, **kwargs: Any) -> Context:
        mark_ended(self.towns)
        ended = sum(bool(town.ended) for town in self.towns)
        groups: dict[str, list[Organization]] = {}
        for town in self.towns:
            groups.setdefault(town.parent.name, []).append(town)
        return super().get_context_data(**kwargs, groups=groups, count=len(self.towns) - ended, ended_count=ended)


class KartePage(View):
    """One tab a page."""

    tab = "overview"
    kind = SnapshotKind.KARTE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        audience = audience_for(request)
        reading = reading_for(request, audience, self.kind, pk)
        organization = reading.organization if reading else None
        if organization is None:
            organization = get_object_or_404(Organization.objects.for_user(request.user).municipalities(), pk=pk)
        trail = crumbs(("カルテ", "portal:karte_list"), organization.name)
        context: Context = {"reading": reading, "organization": organization, "tab": self.tab, "crumbs": trail}
        if reading is None:
            context |= no_figures(request)
        else:
            wanted = SurveyAddress(request.GET).values.survey

            def draw() -> str:
                template = f"portal/karte/_tab_{self.tab}.html"
                return render_to_string(template, self.content(reading, audience, wanted))

            context["body"] = fragment(f"karte {self.tab}", reading, audience.mark, wanted, draw=draw)
        if self.tab in ("overview", "history"):
            in_reach = Organization.objects.for_user(request.user)
            context["before"] = in_reach.before(organization)
            context["after"] = in_reach.after(organization) if organization.last_day else ()
            mark_ended([organization])
        if self.tab == "history":
            context["earlier"] = predecessors(request, audience, context["before"])
        if self.tab == "overview":
            context["cases"] = cases.for_karte(request.user, organization, reading, audience)
            part = consultations.for_karte(request.user, organization)
            context |= {"consultations": part, "actions": part.actions}
        return render(request, "portal/karte/page.html", context)

    def content(self, reading: SnapshotReading, audience: FigureAudience, wanted: str) -> Context:
        karte = stored_karte(reading, public=audience.public)
        entry = chosen_entry(karte.entries, wanted)
        context = {"town": karte.town, "entry": entry, "audience": audience}
        context |= {
            "tabs": tabs(karte.town.id, self.tab, wanted),
            "surveys": [(each.survey.id, survey_name(each.survey)) for each in karte.entries],
        }
        return context | self.figures(karte, entry)

    def figures(self, karte: Karte, entry: ComparedEntry | None) -> Context:
        return overview(entry) | {"past": past(karte.entries)}


def predecessors(
    request: HttpRequest, audience: FigureAudience, towns: Iterable[Organization]
) -> list[tuple[Organization, list[ComparedEntry]]]:
    """The years of those before it, each for itself: another municipality's figures are never added to its own."""
    readings = [(town, reading_for(request, audience, SnapshotKind.KARTE, town.pk)) for town in towns]
    return [
        (town, past(stored_karte(reading, public=audience.public).entries)) for town, reading in readings if reading
    ]


class KarteAreas(KartePage):
    tab = "areas"

    def figures(self, karte: Karte, entry: ComparedEntry | None) -> Context:
        return {"scores": entry.scores if entry else None}


class KarteHistory(KartePage):
    tab = "history"

    def figures(self, karte: Karte, entry: ComparedEntry | None) -> Context:
        """Surveys with scores, newest first; a section that a survey did not have stays empty."""
        scored = [entry for entry in karte.entries if entry.total is not None]
        labels = section_labels(scored)
        return {
            "scores": entry.scores if entry else None,
            "labels": labels,
            "rows": [(entry, cells(entry, labels)) for entry in scored],
            "chart": history_chart(scored[::-1]) if len(scored) > 1 else None,
        }


class KarteAnswers(KartePage):
    tab = "answers"
    kind = SnapshotKind.ANSWERS

    def content(self, reading: SnapshotReading, audience: FigureAudience, wanted: str) -> Context:
        town, lists = stored_answers(reading, public=audience.public)
        # A survey without a response (imported scores) has no entry here: the other tabs lead here with it.
        chosen = next((answers for answers in lists if str(answers.survey.id) == wanted), None)
        if not wanted:
            chosen = next(iter(lists), None)
        return {
            "town": town,
            "entry": chosen,
            "audience": audience,
            "tabs": tabs(town.id, self.tab, wanted),
            "surveys": [(answers.survey.id, survey_name(answers.survey)) for answers in lists],
        }


def chosen_entry(entries: Sequence[ComparedEntry], wanted: str) -> ComparedEntry | None:
    """The survey asked for (404 when it isn't among them), else the newest with scores, else the newest."""
    if wanted:
        entry = next((entry for entry in entries if str(entry.survey.id) == wanted), None)
        if entry is None:
            raise Http404
        return entry
    return next((entry for entry in entries if entry.total is not None), next(iter(entries), None))


def tabs(town: int, current: str, wanted: str) -> list[tuple[str, str, bool]]:
    """Tabs keep the chosen survey."""
    query = f"?survey={wanted}" if wanted else ""
    return [(label, f"{reverse(f'portal:{name}', args=[town])}{query}", tab == current) for tab, label, name in TABS]


def overview(entry: ComparedEntry | None) -> Context:
    """The figures of one survey in the order in which they are read."""
    if entry is None or entry.scores is None:
        return {"scores": None}
    return {
        "scores": entry.scores,
        "kpis": kpis(entry),
        "sections": [(section, comparison_word(section)) for section in entry.sections],
    }


def past(entries: Sequence[ComparedEntry]) -> list[ComparedEntry]:
    """Those with a total or a tier, newest first."""
    return [entry for entry in entries if entry.scores]


def kpis(entry: ComparedEntry) -> list[Kpi]:
    scores, total = entry.scores, entry.total
    if scores is None or total is None:
        return []
    cards = [
        Kpi(
            label="総合点",
            value=plain(total, 1),
            unit=f"／{scores.maximum}点",
            change=f"前年度より{signed(scores.change)}" if scores.change is not None else "",
            note=f"算定した{entry.comparison.count}団体" if entry.comparison else "",
            definition="total-score",
        )
    ]
    for label, mean, definition in (
        ("県平均との差", entry.mean, "total-score"),
        ("同規模団体との差", entry.peer_mean, "peers"),
    ):
        if mean is not None:
            note = f"平均 {plain(mean, 1)}点"
            cards.append(Kpi(label, signed(total - mean), "点", note=note, definition=definition))
    return cards


def comparison_word(section: ComparedSection) -> str:
    """How the section stands to the prefecture's mean."""
    difference = section.difference
    if difference is None:
        return ""
    return f"県平均より{signed(difference)}" if difference else "県平均と同じ"


def section_labels(entries: Sequence[ComparedEntry]) -> list[tuple[str, str]]:
    """Every section that any of the surveys scored, the oldest survey's first: (code, short label)."""
    labels: dict[str, str] = {}
    for entry in reversed(entries):
        labels |= {section.own.code: section_label(section.own) for section in entry.sections}
    return list(labels.items())


def cells(entry: ComparedEntry, labels: Sequence[tuple[str, str]]) -> list[ComparedSection | None]:
    sections = {section.own.code: section for section in entry.sections}
    return [sections.get(code) for code, _ in labels]


def history_chart(entries: Sequence[ComparedEntry]) -> charts.Chart:
    """Oldest first."""
    labels = [year_and_round(entry.survey.year, entry.survey.round) for entry in entries]
    own = [entry.total for entry in entries]
    means = [entry.mean for entry in entries]
    texts = [MISSING if value is None else plain(value, 1) for value in own]
    mean_texts = [MISSING if value is None else plain(value, 1) for value in means]
    maximum = entries[-1].scores.maximum if entries[-1].scores else 0
    return charts.Chart(
        id="karte-line",
        title=f"総合点の推移（点、{maximum}点満点）",
        reading=f"{labels[0]}の{texts[0]}点から、{labels[-1]}は{texts[-1]}点です。",
        figure=charts.lines(labels, {"本団体": own, "県平均": means}, maximum=maximum),
        table=charts.table_of(("調査", "本団体", "県平均"), list(zip(labels, texts, mean_texts, strict=True))),
        size="short",
    )
