"""The year-end review: everybody whose membership runs out on 31 March, or never, on one page."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dxportal.core.accounts.domain.year_end import end_many, extend_many, next_year_end, year_end
from dxportal.core.accounts.forms.year_end import YearEndForm
from dxportal.core.accounts.models import Membership
from dxportal.core.accounts.views.members import ADMINS, LIST
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class YearEnd(ActPage):
    """First the list, then a page that names the count, then the act."""

    roles = ADMINS
    heading = "年度末の見直し"
    form_class = YearEndForm
    template_name = "accounts/year_end/list.html"

    def due(self) -> QuerySet[Membership]:
        """In force now, ending on 31 March or without an end."""
        ending = Q(last_day=year_end()) | Q(last_day__isnull=True)
        return Membership.objects.editable_by(self.user).current().filter(ending).select_related("user", "organization")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"memberships": self.due()}

    def act(self, form: YearEndForm) -> str | HttpResponse:
        day = next_year_end() if form.extending else year_end()
        if "confirmed" not in self.request.POST:
            mark_ended(membership.organization for membership in form.chosen)
            here = crumbs(LIST, (self.heading, "accounts:year_end"), "確認")
            values = {"chosen": form.chosen, "extending": form.extending, "form": form, "day": day, "crumbs": here}
            return render(self.request, "accounts/year_end/confirm.html", values)
        change = extend_many if form.extending else end_many
        changed = change([membership.pk for membership in form.chosen], day, user=self.user)
        return f"{len(changed)}人の所属を{'延長' if form.extending else '年度末で終了に'}しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, self.heading)

    def get_success_url(self) -> str:
        return reverse("accounts:year_end")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        due = self.due()
        mark_ended(membership.organization for membership in due)
        return super().get_context_data(
            due=due,
            chosen=set(form.data.getlist("memberships")) if form.is_bound else set(),
            this_end=year_end(),
            next_end=next_year_end(),
            **kwargs,
        )
