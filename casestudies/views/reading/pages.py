"""The page of a case: what was done, what came of it, who took it up."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.views.generic import DetailView

from casestudies.domain.reading import bookmarks, detail, uptake
from casestudies.domain.reading.similar import similar
from casestudies.enums import CaseState, UptakeState
from casestudies.forms.reading import UptakeForm, initial_of
from casestudies.models import Case, Uptake
from casestudies.views.reading import undo
from casestudies.views.search.around import around
from dxportal.core.accounts.views.mixins import ScopedMixin

LONGEST_BACK = 12_000  # characters; what browsers and proxies take
STATE_ORDER = [*uptake.COUNTED, UptakeState.DECLINED]


class CaseDetail(ScopedMixin, DetailView):
    """Its address carries the search that led here, so that the way back keeps it."""

    model = Case
    scope = "for_user"
    slug_field = slug_url_kwarg = "source_id"
    context_object_name = "case"
    template_name = "casestudies/reading/detail.html"

    def get_queryset(self):
        return detail.with_parts(super().get_queryset())

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        found, user, last = detail.read(self.object), self.request.user, undo.offered(self.request)
        context = {
            "reading": found,
            "compared": detail.compared(found.places, user),
            "removed": last if last and last["source_id"] == self.object.source_id else None,
            "kept": bookmarks.bookmark_of(self.object, user),
            "similar": similar(user, self.object),
            "crumbs": crumbs((self.object.title, None), query=search_query(self.request)),
            "around": around(self.request, self.object.source_id),
            "search_url": search_url(),
            "back": search_query(self.request),
            "readers": readers(self.object, user),
        }
        return super().get_context_data(**kwargs) | context | uptakes_context(self.object, user)


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
    named = Uptake.objects.for_user(user).filter(case=case).select_related("organization")
    named = sorted(named, key=lambda one: (STATE_ORDER.index(one.state), one.organization.sort_order, one.pk))
    own = next((one for one in named if one.organization_id == user.acting.organization_id), None)
    published, tally = case.state == CaseState.PUBLISHED, uptake.tally(case.pk)
    may = published and (user.is_answering or user.is_prefecture_staff)
    return {
        "tally": tally,
        "with_uptake": published or tally.total or named,
        "named": [one for one in named if one is not own],
        "own": own,
        "uptake_form": UptakeForm(user=user, initial=initial_of(own) if own else None) if may else None,
        "uptake_action": reverse("casestudies:uptake", args=[case.source_id]),
        "uptake_summary": "状態・メモを変更する" if own else "市町村に代わって登録する",
        "folded": own is not None or not user.is_answering,
    }


def search_url() -> str:
    return reverse("casestudies:search")


def search_query(request: HttpRequest) -> str:
    """The search that led here, as it came in the address."""
    return request.GET.urlencode()


def back_query(request: HttpRequest) -> str:
    """The same, handed on by a form; read and written anew, so that nothing but parameters gets through."""
    query = QueryDict(request.POST.get("back", "")).urlencode()
    return f"?{query}" if query and len(query) < LONGEST_BACK else ""


def crumbs(*items: tuple[str, str | None], query: str = "") -> list[tuple[str, str | None]]:
    """From the search down, with the words that were searched for."""
    found = QueryDict(query, mutable=True)
    found.pop("n", None)
    address = f"{search_url()}?{found.urlencode()}" if found else search_url()
    return [("ホーム", "/"), ("事例", address), *items]
