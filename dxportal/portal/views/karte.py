"""A municipality's karte and the list of those that a person may open."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.generic import View

from dxportal.core.organizations.models import Organization
from dxportal.portal.domain.lens import Audience
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.models import Snapshot
from dxportal.portal.views.common import audience_for, find_row, fragment
from dxportal.portal.views.pages import cases
from dxportal.portal.views.pages import karte as pages


class KarteList(View):
    """Municipalities in reach by bureau; somebody who reaches one alone goes straight to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        audience_for(request)
        rows = Organization.objects.for_user(request.user).municipalities().select_related("parent")
        towns = list(rows.order_by("parent__sort_order", "parent", "sort_order", "code", "pk"))
        if len(towns) == 1:
            return redirect("portal:karte", towns[0].pk)
        groups: dict[str, list[Organization]] = {}
        for town in towns:
            groups.setdefault(town.parent.name, []).append(town)
        context = {
            "groups": groups,
            "count": len(towns),
            "crumbs": [("ホーム", reverse("portal:home")), ("カルテ", None)],
        }
        return render(request, "portal/karte/list.html", context)


class Karte(View):
    """One tab a page; every tab reads one snapshot row."""

    tab = "overview"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        audience = audience_for(request)
        kind = SnapshotKind.ANSWERS if self.tab == "answers" else SnapshotKind.KARTE
        row = find_row(request, audience.kind(kind), pk)
        mine = Organization.objects.for_user(request.user).municipalities()
        organization = row.organization if row else get_object_or_404(mine, pk=pk)
        context: dict[str, Any] = {"row": row, "organization": organization, "tab": self.tab}
        if row is not None:
            wanted = request.GET.get("survey", "")
            key = ("karte", self.tab, row.pk, row.source_digest, audience.mark, wanted)
            context["body"] = fragment(key, lambda: self.draw(row, audience, wanted))
        if self.tab == "overview":
            context["cases"] = cases.for_karte(request.user, organization, row)
        return render(request, "portal/karte/page.html", context)

    def draw(self, row: Snapshot, audience: Audience, wanted: str) -> str:
        data = row.data
        entries = data["entries"]
        entry = self.choose(entries, wanted)
        context = {"data": data, "entry": entry, "audience": audience, "tab": self.tab}
        context |= {"tabs": tabs(row.key, self.tab, wanted), "surveys": survey_links(entries)}
        return render_to_string(f"portal/karte/_tab_{self.tab}.html", context | self.content(data, entry))

    def choose(self, entries: list[dict], wanted: str) -> dict | None:
        return chosen_entry(entries, wanted)

    def content(self, data: dict, entry: dict | None) -> dict[str, Any]:
        return pages.overview(entry) | {"past": pages.past(data["entries"])}


class KarteAreas(Karte):
    tab = "areas"


class KarteHistory(Karte):
    tab = "history"

    def content(self, data: dict, entry: dict | None) -> dict[str, Any]:
        found = pages.history(data["entries"])
        return found | {"rows": pages.history_rows(found["rows"], found["labels"])}


class KarteAnswers(Karte):
    tab = "answers"

    def choose(self, entries: list[dict], wanted: str) -> dict | None:
        """None for a survey without a sheet (imported scores): the other tabs lead here with it."""
        held = any(str(one["survey"]["id"]) == wanted for one in entries)
        return pages.entry_of(entries, wanted) if held or not wanted else None

    def content(self, data: dict, entry: dict | None) -> dict[str, Any]:
        return {}


def chosen_entry(entries: list[dict], wanted: str) -> dict | None:
    """404 for a survey that is asked for and isn't among them."""
    if wanted and not any(str(one["survey"]["id"]) == wanted for one in entries):
        raise Http404
    return pages.entry_of(entries, wanted)


def tabs(key: str, current: str, wanted: str) -> list[tuple[str, str, bool]]:
    """Tabs keep the chosen survey."""
    query = f"?survey={wanted}" if wanted else ""
    names = {"overview": "karte", "areas": "karte_areas", "history": "karte_history", "answers": "karte_answers"}
    return [
        (label, f"{reverse(f'portal:{names[tab]}', args=[key])}{query}", tab == current) for tab, label in pages.TABS
    ]


def survey_links(entries: list[dict]) -> list[tuple[int, str]]:
    return [(one["survey"]["id"], one["survey"]["name"]) for one in entries]
