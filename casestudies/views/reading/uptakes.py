"""「参考にする」: registering, changing, taking back; the list of those in reach."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from casestudies.domain.reading import uptake as uptakes
from casestudies.domain.reading.shelf import labels
from casestudies.domain.reading.uptake import history
from casestudies.enums import UptakeState
from casestudies.forms.reading import UptakeForm, initial_of
from casestudies.models import Case, Uptake
from casestudies.views.reading.files import uptake_sheet
from casestudies.views.reading.pages import back_query, crumbs, search_url
from dxportal.core.intake.export import workbook_response
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import Overtaken

LIST = "参考にした事例"


def save(request: HttpRequest, form: UptakeForm, case: Case) -> Uptake:
    """Stores what a valid form says, and tells so."""
    stored = uptakes.take_up(case.pk, form.chosen.pk, form.wish(), user=request.user)
    name, state = form.chosen.name, stored.get_state_display()
    messages.success(request, f"{name}が参考にする事例として「{state}」で保存しました。")
    return stored


def overtaken(form: UptakeForm, current: Uptake | None, user) -> UptakeForm:
    """The form as typed, to be saved over what is stored now if the person still wants to."""
    typed = {"state": form.data.get("state", ""), "note": form.data.get("note", "")}
    typed |= {"organization": form.data.get("organization", ""), "revision": current.revision if current else 0}
    return UptakeForm(user=user, organization=form.given, initial=typed)


class TakeUp(View):
    """A case in the library: GET the form by itself, POST from there or from the case's page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.case = get_object_or_404(Case.objects.published_for(request.user), source_id=kwargs["source_id"])
        if not uptakes.municipalities_for(request.user).exists():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, source_id: str) -> HttpResponse:
        own = Uptake.objects.filter(case=self.case, organization=request.user.acting.organization_id).first()
        if own is not None:
            return redirect("casestudies:uptake_detail", own.pk)
        return self.page(UptakeForm(user=request.user, initial={"organization": request.GET.get("organization")}))

    def post(self, request: HttpRequest, source_id: str) -> HttpResponse:
        form = UptakeForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(form)
        try:
            save(request, form, self.case)
        except Overtaken as error:
            return self.page(overtaken(form, error.current, request.user), error, status=409)
        return redirect(reverse("casestudies:detail", args=[source_id]) + back_query(request) + "#uptake")

    def page(self, form: UptakeForm, error: Overtaken | None = None, status: int = 200) -> HttpResponse:
        trail = crumbs(
            (self.case.title, reverse("casestudies:detail", args=[self.case.source_id])), ("参考にする", None)
        )
        context = {"case": self.case, "form": form, "overtaken": error, "crumbs": trail}
        context |= {"back": self.request.POST.get("back", ""), "uptake_action": self.request.path}
        return render(self.request, "casestudies/reading/uptake_form.html", context, status=status)


class UptakePage(View):
    """One registration in the person's reach."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Uptake.objects.for_user(request.user).select_related("case", "organization", "by")
        self.stored = get_object_or_404(rows, pk=kwargs["pk"])
        self.editable = Uptake.objects.editable_by(request.user).filter(pk=self.stored.pk).exists()
        if request.method == "POST" and not self.editable:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def facts(self, heading: str) -> dict[str, Any]:
        label = labels([self.stored.case], self.request.user)[self.stored.case_id]
        return {
            "stored": self.stored,
            "label": label,
            "editable": self.editable,
            "crumbs": crumbs((LIST, reverse("casestudies:uptakes")), (heading, None)),
        }


class UptakeDetail(UptakePage):
    """State, note and history; the form for whoever may change it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.form(initial=initial_of(self.stored)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            stored = save(request, form, self.stored.case)
        except Overtaken as error:
            return self.page(overtaken(form, error.current, request.user), error, status=409)
        return redirect("casestudies:uptake_detail", stored.pk)

    def form(self, *args: Any, **kwargs: Any) -> UptakeForm:
        return UptakeForm(*args, user=self.request.user, organization=self.stored.organization, **kwargs)

    def page(self, form: UptakeForm, error: Overtaken | None = None, status: int = 200) -> HttpResponse:
        context = self.facts(f"{self.stored.organization}の記録")
        context |= {"form": form, "overtaken": error, "entries": history(self.stored)}
        context |= {"uptake_action": self.request.path}
        return render(self.request, "casestudies/reading/uptake.html", context, status=status)


class UptakeDelete(UptakePage):
    """Asks first."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.editable:
            raise PermissionDenied
        return render(request, "casestudies/reading/uptake_delete.html", self.facts("登録の取消し"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        uptakes.take_back(pk, user=request.user)
        messages.success(request, f"{self.stored.organization}の登録を取り消しました。経過の記録は残ります。")
        return redirect("casestudies:uptakes")


class UptakeList(TemplateView):
    """Those in reach, by state and municipality."""

    template_name = "casestudies/reading/uptakes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        everything, rows = Uptake.objects.for_user(self.request.user), asked_for(self.request)
        page = Paginator(rows, 50).get_page(self.request.GET.get("page"))
        towns = Organization.objects.filter(pk__in=everything.values("organization"))
        context = {
            "page": page,
            "rows": uptakes.listed(page.object_list, self.request.user),
            "total": everything.count(),
            "towns": towns.order_by("sort_order", "code", "pk"),
            "several": not self.request.user.acting.organization.is_municipality,
            "states": UptakeState.choices,
            "search_url": search_url(),
            "query": self.request.GET.urlencode(),
            "crumbs": crumbs((LIST, None)),
        }
        return super().get_context_data(**kwargs) | context


def asked_for(request: HttpRequest):
    """The rows in reach that the filter of the address asks for."""
    rows = Uptake.objects.for_user(request.user).select_related("case", "organization", "by")
    state, town = request.GET.get("state", ""), request.GET.get("organization", "")
    rows = rows.filter(state=state) if state in UptakeState.values else rows
    rows = rows.filter(organization=int(town)) if town.isdecimal() and len(town) < 10 else rows
    return rows.order_by("-updated_at", "-pk")


class UptakeExport(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = uptakes.listed(asked_for(request), request.user)
        name = f"{LIST}_{timezone.localdate():%Y%m%d}"
        return workbook_response(name, [uptake_sheet(rows, request.build_absolute_uri)])
