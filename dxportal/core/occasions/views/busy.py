"""都合の悪い期間: days on which a town would rather not be asked to a meeting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.occasions.enums import OFFICE_ROLES
from dxportal.core.occasions.forms.small import BusyPeriodForm
from dxportal.core.occasions.models import BusyPeriod
from dxportal.core.occasions.views.base import TOP
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.pages import ActPage, AddressFlag, AddressForm, Crumbs, ListPage, ScopedObject, crumbs

WRITERS = ANSWERING_ROLES | OFFICE_ROLES
HEADING = "都合の悪い期間"


class BusyAddress(AddressForm):
    past = AddressFlag(label="終わった期間も表示する")


class BusyList(ListPage):
    """Those that are not over yet; with ``past`` all."""

    model = BusyPeriod
    scope = "for_user"
    related = ("organization",)
    address_class = BusyAddress
    heading = HEADING
    template_name = "occasions/busy/list.html"

    def filtered(self, rows: QuerySet[BusyPeriod]) -> QuerySet[BusyPeriod]:
        return rows if self.filters.past else rows.filter(last_day__gte=timezone.localdate())

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, HEADING)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mark_ended(period.organization for period in kwargs["rows"])
        return super().get_context_data(**({"may_edit": self.user.role in WRITERS} | kwargs))


class BusyForm(ActPage):
    roles = WRITERS
    form_class = BusyPeriodForm
    button = "保存する"

    def instance(self) -> BusyPeriod:
        return BusyPeriod()

    def get_form_kwargs(self) -> dict[str, Any]:
        towns = Organization.objects.for_user(self.user).municipalities().living(timezone.localdate())
        return {"towns": towns, "instance": self.instance()}

    def act(self, form: BusyPeriodForm) -> str:
        period = form.save(commit=False)
        # Asked again at the door of the database: the boxes offer towns that may be read.
        if (
            period.pk is None
            and not Organization.objects.for_user(self.user).filter(pk=period.organization_id).exists()
        ):
            raise PermissionDenied
        period.save()
        return f"{period.organization}の「{period.get_kind_display()}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("occasions:busy_list")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (HEADING, "occasions:busy_list"), self.heading)


class BusyCreate(BusyForm):
    once = True
    heading = "期間の登録"

    def get_initial(self) -> dict[str, Any]:
        own = self.user.acting.organization
        return {"organization": own.pk if own.is_municipality else None, "kind": "assembly"}


class BusyEdit(ScopedObject, BusyForm):
    model = BusyPeriod
    scope = "editable_by"
    name = "period"
    related = ("organization",)
    heading = "期間の変更"

    def instance(self) -> BusyPeriod:
        return self.object


class BusyDelete(ScopedObject, ActPage):
    model = BusyPeriod
    scope = "editable_by"
    name = "period"
    related = ("organization",)
    roles = WRITERS
    heading = "期間の削除"
    button = "削除する"
    danger = True
    template_name = "occasions/busy/delete.html"

    def act(self, form: None) -> str:
        self.object.delete()
        return f"{self.object.organization}の期間を削除しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (HEADING, "occasions:busy_list"), self.heading)

    def get_success_url(self) -> str:
        return reverse("occasions:busy_list")
