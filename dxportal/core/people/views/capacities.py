"""The list of capacities: those that come with the portal, and a prefecture's own."""

from typing import Any

from django.urls import reverse

from dxportal.core.people.domain import capacities
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.forms.capacities import OwnCapacityChangeForm, OwnCapacityForm
from dxportal.core.people.models import Capacity
from dxportal.core.people.views.supporters import LIST
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

HERE = ("役割の一覧", "people:capacities")


class CapacityList(ListPage):
    model = Capacity
    scope = "for_user"
    roles = OFFICE_ROLES
    per_page = None
    heading = "役割の一覧"
    template_name = "people/capacities/list.html"

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, self.heading)


class CapacityAdd(ActPage):
    once = True
    roles = OFFICE_ROLES
    form_class = OwnCapacityForm
    heading = "役割を追加する"
    button = "追加する"

    def act(self, form: OwnCapacityForm) -> str:
        capacity = capacities.add_capacity(**form.cleaned_data, user=self.user)
        return f"役割「{capacity.name}」を追加しました。"

    def get_success_url(self) -> str:
        return reverse("people:capacities")

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, HERE, "追加")


class CapacityChange(ScopedObject, ActPage):
    """A prefecture's own; those that come with the portal are the same everywhere."""

    model = Capacity
    scope = "editable_by"
    name = "capacity"
    form_class = OwnCapacityChangeForm
    heading = "役割を変更する"
    button = "保存する"
    capacity: Capacity

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.capacity, name) for name in ("name", "has_field", "is_active")}

    def act(self, form: OwnCapacityChangeForm) -> str:
        capacity = capacities.change_capacity(self.capacity.pk, **form.cleaned_data, user=self.user)
        return f"役割「{capacity.name}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("people:capacities")

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, HERE, self.capacity.name)
