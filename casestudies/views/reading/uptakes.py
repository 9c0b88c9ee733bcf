"""「参考にする」: registering, changing, taking back; the list of those in reach."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from casestudies.domain.reading import uptake as uptakes
from casestudies.domain.reading.shelf import labels
from casestudies.enums import UptakeState
from casestudies.forms.reading import UptakeForm, initial_of
from casestudies.models import Case, Uptake
from casestudies.views.reading.detail import back_query, case_crumbs
from casestudies.views.reading.files import uptake_sheet
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.forms.choices import PlaceChoiceField
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.pages import ActPage, AddressForm, Crumbs, ListPage, ScopedObject

LIST = "参考にした事例"


class UptakeSave(ActPage):
    """The form of a registration: a new one, or one that is changed."""

    form_class = UptakeForm

    def save(self, form: UptakeForm, case: Case) -> str:
        stored = uptakes.take_up(case.pk, form.chosen.pk, form.wish(), user=self.user)
        return f"{form.chosen.name}が参考にする事例として「{stored.get_state_display()}」で保存しました。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"uptake_action": self.request.path} | kwargs))


class TakeUp(ScopedObject, UptakeSave):
    """A case in the library: GET the form by itself, POST from there or from the case's page."""

    model = Case
    scope = "for_user"
    key = "source_id"
    name = "case"
    template_name = "casestudies/reading/uptakes/form.html"
    heading = "参考にする"

    def queryset(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        return rows.published_for(self.user)

    def enter(self) -> None:
        super().enter()
        if not uptakes.municipalities_for(self.user).exists():
            raise PermissionDenied

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        own = Uptake.objects.filter(case=self.case, organization=self.user.acting.organization_id).first()
        if own is not None:
            return redirect("casestudies:uptake_detail", own.pk)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"organization": self.request.GET.get("organization")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def act(self, form: UptakeForm) -> str:
        return self.save(form, self.case)

    def get_success_url(self) -> str:
        page = reverse("casestudies:detail", args=[self.case.source_id])
        return f"{page}{back_query(self.request)}#uptake"

    def crumbs(self) -> Crumbs:
        return case_crumbs((self.case.title, "casestudies:detail", self.case.source_id), self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"back": self.request.POST.get("back", "")} | kwargs))


class UptakePage(ScopedObject):
    """One registration in the person's reach."""

    model = Uptake
    scope = "for_user"
    write_scope = "editable_by"
    name = "stored"
    related = ("case", "organization", "by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = labels([self.stored.case], self.user)[self.stored.case_id]
        return super().get_context_data(**({"label": label} | kwargs))


class UptakeDetail(UptakePage, UptakeSave):
    """State, note and history; the form for whoever may change it."""

    template_name = "casestudies/reading/uptakes/detail.html"

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.stored)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "organization": self.stored.organization}

    def act(self, form: UptakeForm) -> HttpResponseBase:
        messages.success(self.request, self.save(form, self.stored.case))
        # Whoever saves over a registration that was taken back meanwhile makes a new one.
        stored = Uptake.objects.get(case=self.stored.case_id, organization=self.stored.organization_id)
        return redirect("casestudies:uptake_detail", stored.pk)

    def get_back_url(self) -> str:
        return reverse("casestudies:uptakes")

    def crumbs(self) -> Crumbs:
        return case_crumbs((LIST, "casestudies:uptakes"), f"{self.stored.organization}の記録")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editable = Uptake.objects.editable_by(self.user).filter(pk=self.stored.pk).exists()
        context = {"editable": editable, "entries": uptakes.history(self.stored)}
        return super().get_context_data(**(context | kwargs))


class UptakeDelete(UptakePage, ActPage):
    scope = "editable_by"
    template_name = "casestudies/reading/uptakes/delete.html"
    heading = "登録を取り消す"
    button = "登録を取り消す"
    danger = True

    def act(self, form: None) -> str:
        uptakes.take_back(self.stored.pk, user=self.user)
        return f"{self.stored.organization}の登録を取り消しました。経過の記録は残ります。"

    def get_success_url(self) -> str:
        return reverse("casestudies:uptakes")

    def get_back_url(self) -> str:
        return reverse("casestudies:uptake_detail", args=[self.stored.pk])

    def crumbs(self) -> Crumbs:
        return case_crumbs((LIST, "casestudies:uptakes"), "登録の取消し")


class UptakeAddress(AddressForm):
    state = forms.ChoiceField(label="状態", choices=[("", "すべて"), *UptakeState.choices])
    organization = PlaceChoiceField(label="団体", empty_label="すべて")

    def __init__(self, *args: Any, towns: QuerySet[Organization], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = towns


class UptakeList(ListPage):
    """Those in reach, by state and municipality."""

    model = Uptake
    scope = "for_user"
    related = ("case", "organization", "by")
    address_class = UptakeAddress
    heading = LIST
    template_name = "casestudies/reading/uptakes/list.html"

    def get_address_kwargs(self) -> dict[str, Any]:
        reached = Uptake.objects.for_user(self.user).values("organization")
        return {"towns": Organization.objects.filter(pk__in=reached).order_by("sort_order", "code", "pk")}

    def filtered(self, rows: QuerySet[Uptake]) -> QuerySet[Uptake]:
        if self.filters.state:
            rows = rows.filter(state=self.filters.state)
        return rows.filter(organization=self.filters.organization) if self.filters.organization else rows

    def ordered(self, rows: QuerySet[Uptake]) -> QuerySet[Uptake]:
        return rows.order_by("-updated_at", "-pk")

    def crumbs(self) -> Crumbs:
        return case_crumbs(LIST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        acting = self.user.acting.organization
        context = {
            "total": self.all_rows().count(),
            # After a merger those of the towns before it stand among the own ones.
            "several": any(uptake.organization_id != acting.pk for uptake in kwargs["rows"])
            or not acting.is_municipality,
        }
        mark_ended(uptake.organization for uptake in kwargs["rows"])
        kwargs["rows"] = uptakes.listed(kwargs["rows"], self.user)
        return super().get_context_data(**(context | kwargs))


class UptakeExport(UptakeList):
    file_only = True

    def file_name(self) -> str:
        return f"{LIST}_{timezone.localdate():%Y%m%d}"

    def sheets(self, rows: QuerySet[Uptake]) -> Sequence[Sheet]:
        return [uptake_sheet(uptakes.listed(rows, self.user), self.request.build_absolute_uri)]
