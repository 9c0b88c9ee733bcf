"""A year of monthly sessions at once: shown first, then written all or nothing."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.urls import reverse

from consultations.domain.sessions import planning
from consultations.domain.sessions.kinds import active_rules
from consultations.domain.sessions.yearplan import YearPlan
from consultations.enums import SUPPORTING_ROLES, AttendanceRule
from consultations.forms.sessions import YearPlanAddress, YearPlanForm, this_year
from consultations.views.sessions.base import TOP
from dxportal.core.people.models import Capacity
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs
from dxportal.core.ui.pages.acts import CONFLICT, take
from dxportal.core.workflow.errors import Overtaken


class YearPlanPage(ActPage):
    """GET shows the plan of the address; POST carries out the one that was shown, if it would still be that."""

    once = True
    roles = SUPPORTING_ROLES
    form_class = YearPlanForm
    template_name = "consultations/sessions/plan.html"
    heading = "年間計画をまとめて作る"
    button = "この計画で登録する"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not planning.towns_for(self.user):
            raise PermissionDenied

    @cached_property
    def address(self) -> YearPlanAddress:
        rules = active_rules(self.user.acting.organization.prefecture_id, this_year())
        kinds = [(code, rule.name) for code, rule in rules.items() if rule.years_plan]
        given = (self.request.POST if self.request.method == "POST" else self.request.GET).copy()
        if not given:
            given.setlist("months", [str(month) for month in (*range(4, 13), 1, 2, 3)])
            given["year"] = str(this_year())
        return YearPlanAddress(given, kinds=kinds, years=(this_year(), this_year() + 1))

    @cached_property
    def wish(self) -> planning.PlanWish | None:
        asked_for = self.address.values
        kinds = [code for code, _ in self.address.fields["kind"].choices]
        year = asked_for.year if asked_for.year in (this_year(), this_year() + 1) else this_year()
        if not kinds or not asked_for.months or not self.address.data.get("kind"):
            return None
        kind = asked_for.kind or kinds[0]
        return planning.PlanWish(year, kind, tuple(asked_for.months), mode=asked_for.mode or "online")

    @cached_property
    def plan(self) -> YearPlan | None:
        return planning.plan(self.wish, user=self.user) if self.wish else None

    def get_initial(self) -> dict[str, Any]:
        return {"digest": self.plan.digest if self.plan else ""}

    def act(self, form: YearPlanForm) -> str:
        if self.wish is None:
            raise PermissionDenied
        sessions = planning.carry_out(self.wish, form.cleaned_data["digest"], user=self.user)
        return f"{len(sessions)}件の相談を登録しました。"

    def overtaken(self, form: YearPlanForm, refusal: Overtaken) -> HttpResponseBase:
        """The plan as it is now, to be looked at again."""
        form = self.get_form({"digest": refusal.current.digest})
        take(form, refusal)
        self.__dict__["plan"] = refusal.current
        return self.ask(form, status=CONFLICT)

    def get_success_url(self) -> str:
        return reverse("consultations:sessions")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, self.heading)

    def musts(self) -> list[str]:
        """Names of the capacities that must come to the sessions of the plan."""
        if self.wish is None:
            return []
        rules = active_rules(self.user.acting.organization.prefecture_id, self.wish.year)[self.wish.kind]
        codes = [code for code, rule in rules.attendance.items() if rule == AttendanceRule.MUST]
        rows = Capacity.objects.for_user(self.user).filter(code__in=codes).order_by("order", "code")
        return list(rows.values_list("name", flat=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values = {"address": self.address, "plan": self.plan, "wish": self.wish, "musts": self.musts()}
        return super().get_context_data(**(values | kwargs))
