"""What the pages about the plan share."""

import datetime as dt
from typing import Any

from django.utils import timezone

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs
from dxportal.portal.models import PlanItem

PLAN = "計画と実績"
TOP = (PLAN, "portal:plan")


def years_of(user: Any) -> list[int]:
    """Of which there is a plan, the latest first; behind them the present year where it has none yet."""
    years = PlanItem.objects.for_user(user).order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return list(dict.fromkeys((*years, fiscal_year_of(timezone.localdate()))))


def day_in(year: int, wanted: dt.date | None, today: dt.date) -> dt.date:
    """The day as of which a year is read: the one asked for, or today, but never outside the year."""
    first, last = bounds(year)
    return min(max(wanted or today, first), last)


class PlanItemPage(ScopedObject):
    """All pages about one row."""

    model = PlanItem
    scope = "for_user"
    name = "item"
    here = ""

    def crumbs(self) -> Crumbs:
        if self.here:
            return crumbs(TOP, (self.item.item, "portal:plan_item", self.item.pk), self.here)
        return crumbs(TOP, self.item.item)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "crumbs": self.crumbs(),
            "may_edit": self.user.role in PREFECTURE_ROLES,
            "may_count": self.user.role in OFFICE_ROLES,
        }
        return super().get_context_data(**(context | kwargs))
