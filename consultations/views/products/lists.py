"""The register of products: the list, and its file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from consultations.domain.products.ending import ends
from consultations.domain.products.lines import lines
from consultations.domain.products.write import towns_for
from consultations.enums import ProductSharing
from consultations.forms.products import ProductAddress
from consultations.intake.products.sheets import sheet
from consultations.models import ProductContract
from consultations.views.actions.base import ROOM
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations import fiscal
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs


class ProductList(ListPage):
    """Those in reach, and of the other towns those that they share. No order or condition tells what a row hides."""

    model = ProductContract
    scope = "for_user"
    related = ("organization",)
    address_class = ProductAddress
    heading = "製品・契約"
    template_name = "consultations/products/list.html"
    sorts = {"end": "contract_end", "task": "task", "product": "product"}
    default_sort = "end"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.today = timezone.localdate()
        super().setup(request, *args, **kwargs)

    def get_address_kwargs(self) -> dict[str, Any]:
        towns = Organization.objects.for_user(self.request.user).municipalities()
        return {"towns": towns.order_by("sort_order", "code", "pk"), "today": self.today}

    def filtered(self, rows: QuerySet[ProductContract]) -> QuerySet[ProductContract]:
        asked_for = self.filters
        for word in asked_for.q.split():
            named = self.user.reach() | Q(sharing=ProductSharing.NAMED)
            rows = rows.filter(called(word, "task", "product", "vendor") | (named & called(word, "organization__name")))
        if asked_for.organization:
            rows = rows.filter(self.user.reach(), organization=asked_for.organization)
        if asked_for.year and 1900 < asked_for.year < 2200:
            rows = rows.filter(contract_end__range=fiscal.bounds(asked_for.year))
        if asked_for.answering:
            rows = rows.filter(may_be_asked=True)
        if asked_for.manual:
            rows = rows.filter(manual_shareable=True)
        return rows.filter(ends(asked_for.ends, self.today))

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)

    def file_name(self) -> str:
        return f"製品・契約_{self.today:%Y%m%d}"

    def sheets(self, rows: QuerySet[ProductContract]) -> Sequence[Sheet]:
        return [sheet(lines(rows, self.today))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["rows"] = lines(kwargs["rows"], self.today)
        context = {"today": self.today, "may_create": towns_for(self.user).exists()}
        return super().get_context_data(**(context | kwargs))
