"""Months in which towns want no session: what was entered, entering, taking back."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from consultations.domain.actions.write import towns_for
from consultations.domain.skips import write
from consultations.enums import ACTING_ROLES
from consultations.forms.skips import SkipForm
from consultations.models import SkippedMonth
from consultations.views.actions.base import ROOM
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.ui.pages import ActPage, Crumbs, ScopedObject, crumbs

HEADING = "相談を希望しない月"


class SkipPage(ActPage):
    """Several months at once; a town for itself, the supporting side for the towns in reach."""

    roles = ACTING_ROLES
    form_class = SkipForm
    template_name = "consultations/skips/list.html"
    heading = HEADING
    button = "登録する"

    @property
    def year(self) -> int:
        return fiscal_year_of(timezone.localdate())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": towns_for(self.user), "years": (self.year, self.year + 1)}

    def get_initial(self) -> dict[str, Any]:
        towns = towns_for(self.user)[:2]
        return {"organization": towns[0].pk if len(towns) == 1 else None, "reason": "not_wanted"}

    def act(self, form: SkipForm) -> str:
        cleaned = form.cleaned_data
        town = cleaned["organization"]
        write.skip(town.pk, cleaned["months"], reason=cleaned["reason"], note=cleaned["note"], user=self.user)
        return f"{town.name}が希望しない月を登録しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:skips")

    def get_back_url(self) -> str:
        return reverse("consultations:sessions")

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, HEADING)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = SkippedMonth.objects.for_user(self.user).filter(month__gte=bounds(self.year - 1)[0])
        rows = rows.select_related("organization").order_by("-month", "organization__sort_order", "pk")
        return super().get_context_data(**({"rows": rows} | kwargs))


class SkipRemove(ScopedObject, ActPage):
    model = SkippedMonth
    scope = "editable_by"
    name = "skip"
    related = ("organization",)
    template_name = "consultations/skips/remove.html"
    heading = "希望しない月を取り消す"
    button = "取り消す"
    danger = True

    def act(self, form: Any) -> str:
        row = write.take_back(self.skip.pk, user=self.user)
        return f"{row.organization.name}の{row.month.year}年{row.month.month}月を取り消しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:skips")

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, (HEADING, "consultations:skips"), "取消し")
