"""The page of a case: what was done, what came of it, who took it up."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.views.generic import TemplateView

from casestudies.domain.reading import bookmarks, detail, uptake
from casestudies.domain.reading.similar import similar
from casestudies.enums import CaseState, UptakeState
from casestudies.forms.reading import UptakeForm, initial_of
from casestudies.models import Case, Uptake
from casestudies.views.reading import undo
from casestudies.views.search.around import around
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

LONGEST_BACK = 12_000  # characters; what browsers and proxies take
STATE_ORDER = [*uptake.COUNTED, UptakeState.DECLINED]


class CaseDetail(ScopedObject, TemplateView):
    """Its address carries the search that led here, so that the way back keeps it."""

    model = Case
    scope = "for_user"
    key = "source_id"
    name = "case"
    template_name = "casestudies/reading/detail.html"

    def queryset(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        return detail.with_parts(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = detail.page_of(self.case)
        last = undo.offered(self.request)
        query = self.request.GET.urlencode()
        context = {
            "reading": page,
            "compared": detail.compared(page.places, self.user),
            "removed": last if last and last["source_id"] == self.case.source_id else None,
            "kept": bookmarks.bookmark_of(self.case, self.user),
            "similar": similar(self.user, self.case),
            "crumbs": case_crumbs(self.case.title, query=query),
            "around": around(self.request, self.case.source_id),
            "search_url": reverse("casestudies:search"),
            "back": query,
            "readers": readers(self.case, self.user),
        }
        return super().get_context_data(**(context | uptakes_context(self.case, self.user) | kwargs))


def readers(case: Case, user) -> str:
    """Who opens a case that is not published, for the sentence on its page."""
    alone = case.state == CaseState.DRAFT
    if case.organization_id and case.organization_id == case.prefecture_id:
        return "県だけが閲覧できます"
    if case.organization_id:
        return "登録した団体だけが閲覧できます" if alone else "登録した団体と県だけが閲覧できます"
    if alone and user.is_prefecture_staff:  # who see a consultant's draft only when nobody else does
        return "登録した人が離任したため、県だけが閲覧・編集できます"
    return "登録した人だけが閲覧できます" if alone else "登録した人と県だけが閲覧できます"


def uptakes_context(case: Case, user) -> dict[str, Any]:
    """Who took the case up, and the form for whoever may say so."""
    rows = Uptake.objects.for_user(user).filter(case=case).select_related("organization")
    named = sorted(rows, key=lambda row: (STATE_ORDER.index(row.state), row.organization.sort_order, row.pk))
    own = next((row for row in named if row.organization_id == user.acting.organization_id), None)
    published = case.state == CaseState.PUBLISHED
    tally = uptake.tally(case.pk)
    may = published and (user.is_answering or user.is_prefecture_staff)
    return {
        "tally": tally,
        "with_uptake": published or tally.total or named,
        "named": [row for row in named if row is not own],
        "own": own,
        "uptake_form": UptakeForm(user=user, initial=initial_of(own) if own else None) if may else None,
        "uptake_action": reverse("casestudies:uptake", args=[case.source_id]),
        "uptake_summary": "状態・メモを変更する" if own else "市町村に代わって登録する",
        "folded": own is not None or not user.is_answering,
    }


def back_query(request: HttpRequest) -> str:
    """The search that led here, handed on by a form; read and written anew, so that only parameters get through."""
    query = QueryDict(request.POST.get("back", "")).urlencode()
    return f"?{query}" if query and len(query) < LONGEST_BACK else ""


def case_crumbs(*steps: str | tuple[Any, ...], query: str = "") -> Crumbs:
    """From the search down, with the words that were searched for."""
    searched = QueryDict(query, mutable=True)
    searched.pop("n", None)
    address = reverse("casestudies:search")
    return crumbs(("事例", f"{address}?{searched.urlencode()}" if searched else address), *steps)
