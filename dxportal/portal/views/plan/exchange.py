"""Which municipalities are in the place where towns exchange news."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.models import Organization
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs
from dxportal.portal.domain.plan import write
from dxportal.portal.domain.plan.reading import in_exchange
from dxportal.portal.forms.plan import JoinExchangeForm, LeaveExchangeForm
from dxportal.portal.models import ExchangeMember
from dxportal.portal.views.plan.base import TOP

HEADING = "情報交換の場の参加団体"


class ExchangeList(ListPage):
    model = ExchangeMember
    scope = "for_user"
    roles = OFFICE_ROLES
    related = ("organization",)
    per_page = None
    heading = HEADING
    template_name = "portal/plan/exchange.html"

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, HEADING)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        towns = Organization.objects.for_user(self.user).municipalities().living(timezone.localdate())
        members = in_exchange(self.user.acting.organization.prefecture_id, timezone.localdate())
        mark_ended(row.organization for row in kwargs["rows"])
        return super().get_context_data(members=len(members), towns=towns.count(), **kwargs)

    def sheets(self, rows: Any) -> list[Sheet]:
        header = ("団体コード", "団体", "参加日", "最終日")
        rows = list(rows)
        mark_ended(row.organization for row in rows)
        cells = [(row.organization.code, row.organization.marked, row.first_day, row.last_day) for row in rows]
        return [Sheet(HEADING, header, cells, [("時点", f"{timezone.localtime():%Y-%m-%d %H:%M}")])]


class ExchangeJoin(ActPage):
    """Several at once, from one day on."""

    roles = OFFICE_ROLES
    form_class = JoinExchangeForm
    heading = "参加団体の追加"
    button = "追加する"
    once = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": towns_outside(self.user)}

    def not_now(self) -> str:
        return "" if towns_outside(self.user).exists() else "すべての市町村が参加しています。"

    def act(self, form: JoinExchangeForm) -> str:
        number = write.join_exchange(form.cleaned_data["towns"], form.cleaned_data["day"], user=self.user)
        return f"{number}団体を追加しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (HEADING, "portal:exchange"), "追加")

    def get_success_url(self) -> str:
        return reverse("portal:exchange")


class ExchangeLeave(ScopedObject, ActPage):
    model = ExchangeMember
    scope = "editable_by"
    name = "member"
    related = ("organization",)
    roles = OFFICE_ROLES
    roles_first = True
    form_class = LeaveExchangeForm
    button = "最終日を記録する"

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"{self.member.organization.name}の参加の終了"  # type: ignore[attr-defined]

    def act(self, form: LeaveExchangeForm) -> str:
        member = write.leave_exchange(self.object.pk, form.cleaned_data["last_day"], user=self.user)
        return f"{member.organization.name}の最終日を記録しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (HEADING, "portal:exchange"), "終了")

    def get_success_url(self) -> str:
        return reverse("portal:exchange")


def towns_outside(user: Any) -> QuerySet[Organization]:
    """Living municipalities of the prefecture that aren't in the exchange, neither themselves nor by those before them."""
    today = timezone.localdate()
    inside = ExchangeMember.objects.filter(organization=OuterRef("pk"), last_day__isnull=True)
    towns = Organization.objects.for_user(user).municipalities().living(today).filter(~Exists(inside))
    return towns.exclude(pk__in=in_exchange(user.acting.organization.prefecture_id, today))
