"""会合の種別: what an occasion may count as. Those for everybody come with the portal; a prefecture adds its own."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dxportal.core.occasions.enums import OFFICE_ROLES
from dxportal.core.occasions.forms.kinds import KindForm
from dxportal.core.occasions.models import OccasionKind
from dxportal.core.occasions.views.base import TOP
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

HEADING = "会合の種別"


class KindList(ListPage):
    model = OccasionKind
    scope = "for_user"
    roles = OFFICE_ROLES
    per_page = None
    heading = HEADING
    template_name = "occasions/kinds.html"

    def ordered(self, rows: QuerySet[OccasionKind]) -> QuerySet[OccasionKind]:
        return rows.order_by("book", "order", "code", "pk")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, HEADING)


class KindFormPage(ActPage):
    roles = OFFICE_ROLES
    form_class = KindForm
    button = "保存する"

    def instance(self) -> OccasionKind:
        return OccasionKind(prefecture=self.user.acting.organization)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.instance()}

    def act(self, form: KindForm) -> str:
        return f"種別「{form.save()}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("occasions:kind_list")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (HEADING, "occasions:kind_list"), self.heading)


class KindCreate(KindFormPage):
    once = True
    heading = "種別の登録"


class KindEdit(ScopedObject, KindFormPage):
    model = OccasionKind
    scope = "editable_by"
    name = "kind"
    roles_first = True
    heading = "種別の変更"

    def instance(self) -> OccasionKind:
        return self.object
