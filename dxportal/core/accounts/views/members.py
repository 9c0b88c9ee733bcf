"""The members list with its filters and export, and one member's page."""

import datetime as dt

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView, ListView

from dxportal.core.accounts.domain import memberships
from dxportal.core.accounts.domain.trail import membership_history
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.forms.members import MemberFilter, search_terms
from dxportal.core.accounts.models import Invitation, Membership
from dxportal.core.accounts.querysets import in_force
from dxportal.core.accounts.views.mixins import RoleRequiredMixin, ScopedMixin
from dxportal.core.intake.export import Sheet, csv_response, workbook_response
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.japanese import western
from dxportal.core.ui.sorting import ordering

READERS = frozenset(Role) - {Role.CONSULTANT}
SORTS = {
    "name": "user__kana",
    "organization": "organization__sort_order",
    "role": "role_order",
    "last_day": "last_day",
    "last_login": "user__last_login",
}
ROLE_ORDER = Case(*(When(role=role, then=Value(place)) for place, role in enumerate(Role.values)))
HEADER = (
    "氏名",
    "カナ",
    "メールアドレス",
    "組織",
    "団体コード",
    "役割",
    "所属課",
    "開始日",
    "最終日",
    "状態",
    "最終ログイン",
)


def state_q(state: str, day: dt.date) -> Q:
    """Memberships in one of the states of the filter on ``day``."""
    return {
        "coming": Q(first_day__gt=day),
        "ended": Q(last_day__lt=day),
        "all": Q(),
    }.get(state, in_force(day))


class MemberList(RoleRequiredMixin, ScopedMixin, ListView):
    model, scope, roles, paginate_by = Membership, "for_user", READERS, 50
    template_name = "accounts/member_list.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        places, invites = Organization.objects.for_user(request.user), request.user.is_prefecture_staff
        self.filter = MemberFilter(request.GET or None, organizations=places, with_invited=invites)
        self.values = self.filter.values if self.filter.is_bound else {}
        if self.values.get("state") == "invited":
            return redirect("accounts:invitation_list")
        export = {"xlsx": as_workbook, "csv": as_csv}.get(request.GET.get("format", ""))
        return export(self.get_queryset()) if export else super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset().filter(state_q(self.values.get("state", ""), timezone.localdate()))
        if self.values.get("organization"):
            found = found.filter(organization=self.values["organization"])
        if self.values.get("role"):
            found = found.filter(role=self.values["role"])
        if self.values.get("q"):
            typed, kana = search_terms(self.values["q"])
            found = found.filter(
                Q(user__name__icontains=typed) | Q(user__kana__icontains=kana) | Q(user__email__icontains=typed)
            )
        *terms, last = ordering(self.request.GET, SORTS, "organization")
        found = found.select_related("user", "organization").annotate(role_order=ROLE_ORDER)
        return found.order_by(*terms, "role_order", last)

    def get_context_data(self, **kwargs):
        user = self.request.user
        waiting = Invitation.objects.for_user(user).open().count() if user.is_prefecture_staff else 0
        return super().get_context_data(
            filter=self.filter,
            waiting=waiting,
            today=timezone.localdate(),
            soon=timezone.localdate() + dt.timedelta(days=60),
            may_edit=user.is_prefecture_admin,
            query=self.request.GET.urlencode(),
            **kwargs,
        )


class MemberDetail(RoleRequiredMixin, ScopedMixin, DetailView):
    model, scope, roles = Membership, "for_user", READERS
    template_name = "accounts/member_detail.html"
    context_object_name = "membership"

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("user", "organization__prefecture")

    def get_context_data(self, **kwargs):
        user, membership = self.request.user, self.object
        return super().get_context_data(
            others=Membership.objects.for_user(user)
            .filter(user=membership.user)
            .exclude(pk=membership.pk)
            .select_related("organization"),
            assignments=membership.assignments.select_related("organization").order_by("-first_day", "organization"),
            entries=membership_history(Membership.objects.filter(pk=membership.pk)),
            may_edit=user.is_prefecture_admin,
            today=timezone.localdate(),
            ended=memberships.has_ended(membership),
            **kwargs,
        )


def as_workbook(found: QuerySet) -> HttpResponse:
    return workbook_response("members.xlsx", [Sheet("利用者", HEADER, list(map(_row, found)))])


def as_csv(found: QuerySet) -> HttpResponse:
    return csv_response("members.csv", HEADER, list(map(_row, found)))


def _row(one: Membership) -> tuple:
    person, place = one.user, one.organization
    seen = person.last_login and timezone.localtime(person.last_login).strftime("%Y-%m-%d %H:%M")
    return (
        person.name,
        person.kana,
        person.email,
        place.name,
        place.code or "",
        one.get_role_display(),
        one.section,
        western(one.first_day),
        western(one.last_day) if one.last_day else "期限なし",
        memberships.state_word(one),
        seen or "なし",
    )
