"""The members list with its filters and export, one member's page, and what the admin does to a membership."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from dxportal.core.accounts.domain import members
from dxportal.core.accounts.domain.trail import membership_history
from dxportal.core.accounts.domain.year_end import ONE_DAY, year_end
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.forms.members import (
    INVITED,
    MemberAddForm,
    MemberChangeForm,
    MemberEndForm,
    MemberExtendForm,
    MemberFilter,
)
from dxportal.core.accounts.models import Invitation, Membership
from dxportal.core.accounts.querysets import in_force
from dxportal.core.intake.export import Sheet
from dxportal.core.kana import even_width
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.folded import called
from dxportal.core.ui.japanese import western
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

READERS = frozenset(Role) - {Role.CONSULTANT}
ADMINS = frozenset({Role.PREFECTURE_ADMIN})
LIST = ("利用者", "accounts:member_list")
SOON = dt.timedelta(days=60)
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


class MemberList(ListPage):
    model = Membership
    scope = "for_user"
    roles = READERS
    related = ("user", "organization")
    address_class = MemberFilter
    sorts = SORTS
    default_sort = "organization"
    heading = "利用者"
    template_name = "accounts/members/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.filters.state == INVITED:
            return redirect("accounts:invitation_list")
        return super().get(request, *args, **kwargs)

    def get_address_kwargs(self) -> dict[str, Any]:
        in_reach = Organization.objects.for_user(self.user)
        return {"organizations": in_reach, "with_invited": self.user.is_prefecture_staff}

    def queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(role_order=ROLE_ORDER)

    def filtered(self, rows: Any) -> Any:
        today = timezone.localdate()
        by_state = {"coming": Q(first_day__gt=today), "ended": Q(last_day__lt=today), "all": Q()}
        rows = rows.filter(by_state.get(self.filters.state, in_force(today)))
        if self.filters.organization:
            rows = rows.filter(organization=self.filters.organization)
        if self.filters.role:
            rows = rows.filter(role=self.filters.role)
        if typed := self.filters.q:
            mail = Q(user__email__icontains=even_width(typed))
            rows = rows.filter(called(typed, "user__name", "user__kana") | mail)
        return rows

    def ordered(self, rows: Any) -> Any:
        """Within the column asked for by role: who is responsible comes first."""
        column = SORTS[self.filters.sort.removeprefix("-")]
        return rows.order_by(f"-{column}" if self.filters.sort.startswith("-") else column, "role_order", "pk")

    def sheets(self, rows: Any) -> Sequence[Sheet]:
        rows = list(rows)
        mark_ended(membership.organization for membership in rows)
        return [Sheet("利用者", HEADER, [sheet_row(membership) for membership in rows])]

    def file_name(self) -> str:
        return "members"

    def crumbs(self) -> Crumbs:
        return crumbs("利用者")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Invitation.objects.for_user(self.user).open().count() if self.user.is_prefecture_staff else 0
        today = timezone.localdate()
        mark_ended(membership.organization for membership in kwargs["rows"])
        return super().get_context_data(
            waiting=waiting, today=today, soon=today + SOON, may_edit=self.user.is_prefecture_admin, **kwargs
        )


def sheet_row(membership: Membership) -> tuple[Any, ...]:
    """A membership under HEADER."""
    last_login = membership.user.last_login
    return (
        membership.user.name,
        membership.user.kana,
        membership.user.email,
        membership.organization.marked,
        membership.organization.code or "",
        membership.get_role_display(),
        membership.section,
        western(membership.first_day),
        western(membership.last_day) if membership.last_day else "期限なし",
        members.state_word(membership),
        timezone.localtime(last_login).strftime("%Y-%m-%d %H:%M") if last_login else "なし",
    )


class MemberDetail(ScopedObject, TemplateView):
    model = Membership
    scope = "for_user"
    name = "membership"
    related = ("user", "organization__prefecture")
    roles = READERS
    roles_first = True
    template_name = "accounts/members/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        membership: Membership = self.object
        others = Membership.objects.for_user(self.user).filter(user=membership.user).exclude(pk=membership.pk)
        others = others.select_related("organization")
        assignments = membership.assignments.select_related("organization").order_by("-first_day", "organization")
        mark_ended([membership.organization, *(row.organization for row in (*others, *assignments))])
        return super().get_context_data(
            crumbs=crumbs(LIST, membership.user.name),
            others=others,
            assignments=assignments,
            entries=membership_history(Membership.objects.filter(pk=membership.pk)),
            may_edit=self.user.is_prefecture_admin,
            today=timezone.localdate(),
            ended=members.has_ended(membership),
            **kwargs,
        )


class MembershipAct(ScopedObject, ActPage):
    """What the admin does to the membership of the address; it leads back to the person's page."""

    model = Membership
    scope = "editable_by"
    name = "membership"
    related = ("user", "organization")
    roles = ADMINS
    template_name = "accounts/members/act.html"
    membership: Membership

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, self.heading)

    def get_success_url(self) -> str:
        return reverse("accounts:member_detail", args=[self.membership.pk])


class MemberChange(MembershipAct):
    heading = "所属の変更"
    button = "変更を保存する"
    form_class = MemberChangeForm
    template_name = "accounts/members/change.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"membership": self.membership}

    def act(self, form: MemberChangeForm) -> str:
        members.change(self.membership.pk, **form.cleaned_data, user=self.user)
        return f"{self.membership.user}さんの所属を変更しました。"


class MemberEnd(MembershipAct):
    heading = "所属の終了"
    button = "所属を終了する"
    danger = True
    form_class = MemberEndForm
    template_name = "accounts/members/end.html"

    def act(self, form: MemberEndForm) -> str:
        members.end(self.membership.pk, form.cleaned_data["last_day"], user=self.user)
        return f"{self.membership.user}さんの所属の最終日を設定しました。"


class MemberExtend(MembershipAct):
    heading = "期間の延長"
    button = "延長する"
    form_class = MemberExtendForm

    def get_initial(self) -> dict[str, Any]:
        """The end of the fiscal year after the one in which it ends."""
        day = self.membership.last_day
        return {"last_day": day and year_end(max(day, year_end()) + ONE_DAY)}

    def act(self, form: MemberExtendForm) -> str:
        members.extend(self.membership.pk, form.cleaned_data["last_day"], user=self.user)
        return f"{self.membership.user}さんの所属を延長しました。"


class MemberAdd(MembershipAct):
    """A further membership of the person of this membership."""

    heading = "別の所属の追加"
    button = "所属を追加する"
    form_class = MemberAddForm
    template_name = "accounts/members/add.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def act(self, form: MemberAddForm) -> str:
        added = members.add(self.membership.user, **form.cleaned_data, user=self.user)
        return f"{self.membership.user}さんに「{added.organization}｜{added.get_role_display()}」を追加しました。"
