"""The settings of the kinds of session, by year."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from consultations.domain.actions.write import towns_for
from consultations.domain.sessions import kinds
from consultations.domain.sessions.rules import KindRules
from consultations.enums import MEMO_OFFICE_ROLES, SUPPORTING_ROLES
from consultations.forms.sessions import FrequencyForm, SessionKindForm, kind_initial, this_year
from consultations.models import AgreedFrequency
from consultations.views.sessions.base import TOP
from dxportal.core.people.models import Capacity
from dxportal.core.ui.pages import ActPage, Crumbs, ForRoles, crumbs

LIST = "相談の種別"


class KindPage(ForRoles):
    """Of the own prefecture; the year is that of the address, this one without."""

    kwargs: dict[str, Any]

    @cached_property
    def prefecture_id(self) -> int:
        if self.user.acting is None:
            raise PermissionDenied
        return self.user.acting.organization.prefecture_id

    @cached_property
    def year(self) -> int:
        year = self.kwargs.get("year", this_year())
        if not 2000 <= year <= 2100:
            raise Http404
        return year

    @cached_property
    def rules(self) -> dict[str, KindRules]:
        return kinds.rules_of(self.prefecture_id, self.year)

    @cached_property
    def capacities(self) -> list[tuple[str, str]]:
        rows = Capacity.objects.for_user(self.user).in_use().order_by("order", "code")
        return list(rows.values_list("code", "name"))


class SessionKindList(KindPage, TemplateView):
    template_name = "consultations/sessions/kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = dict(self.capacities)
        rows = [
            (
                rule,
                names.get(rule.lead, "—"),
                [(names[code], rule.rule_for(code)) for code in names if rule.rule_for(code)],
            )
            for rule in self.rules.values()
        ]
        values = {
            "rows": rows,
            "year": self.year,
            "may_edit": self.user.role in MEMO_OFFICE_ROLES,
            "crumbs": crumbs(TOP, LIST),
            "years": (self.year - 1, self.year + 1),
        }
        return super().get_context_data(**(values | kwargs))


class FrequencyPage(ActPage):
    """What was agreed with each town, and agreeing."""

    roles = SUPPORTING_ROLES
    form_class = FrequencyForm
    template_name = "consultations/sessions/frequencies.html"
    heading = "団体と決めた回数"
    button = "保存する"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": towns_for(self.user)}

    def get_initial(self) -> dict[str, Any]:
        return {"year": this_year(), "every": 1}

    def act(self, form: FrequencyForm) -> str:
        cleaned = form.cleaned_data
        town = cleaned["organization"]
        kinds.agree(town, cleaned["year"], cleaned["every"], cleaned["note"], user=self.user)
        return f"{town.name}の回数を保存しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:frequencies")

    def get_back_url(self) -> str:
        return reverse("consultations:sessions")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = AgreedFrequency.objects.for_user(self.user).filter(fiscal_year__gte=this_year())
        return super().get_context_data(**({"rows": rows.select_related("organization")} | kwargs))


class SessionKindEdit(KindPage, ActPage):
    roles = MEMO_OFFICE_ROLES
    form_class = SessionKindForm
    template_name = "consultations/sessions/kind.html"
    button = "保存する"

    @property
    def heading(self) -> str:
        return f"{self.rule.name}の設定（{self.year}年度から）"

    @cached_property
    def rule(self) -> KindRules:
        rule = self.rules.get(self.kwargs["code"])
        if rule is None:
            raise Http404
        return rule

    def enter(self) -> None:
        super().enter()
        self.rule  # noqa: B018 -- 404 before anything is asked

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"capacities": self.capacities}

    def get_initial(self) -> dict[str, Any]:
        return kind_initial(self.rule)

    def act(self, form: SessionKindForm) -> str:
        kinds.decide(self.rule.code, self.year, form.values(), user=self.user)
        return f"「{self.rule.name}」の設定を保存しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:kinds_of_year", args=[self.year])

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (LIST, "consultations:kinds_of_year", self.year), self.rule.name)
