"""What the pages about one row of the register share."""

from functools import cached_property
from typing import Any

from django.utils import timezone

from consultations.domain.products.lines import ProductLine, line
from consultations.models import ProductContract
from consultations.views.actions.base import ROOM
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

TOP = (ROOM, ("製品・契約", "consultations:products"))


class ProductPage(ScopedObject):
    """A row that the person may see; templates get ``line``, which holds no more than its owner allows."""

    model = ProductContract
    scope = "for_user"
    name = "contract"
    related = ("organization",)
    here = ""

    @cached_property
    def line(self) -> ProductLine:
        return line(ProductContract.objects.for_user(self.user).get(pk=self.contract.pk), timezone.localdate())

    def crumbs(self) -> Crumbs:
        if not self.here:
            return crumbs(*TOP, str(self.contract))
        return crumbs(*TOP, (str(self.contract), "consultations:product", self.contract.pk), self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"line": self.line, "crumbs": self.crumbs()} | kwargs))
