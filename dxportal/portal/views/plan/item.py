"""One row of the plan: what counts, its changes, numbers by hand."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.history.trail import HistoryList
from dxportal.core.occasions.models import Occasion, OccasionKind
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.models import Capacity
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ObjectPart, crumbs
from dxportal.portal.domain.plan import write
from dxportal.portal.domain.plan.history import CEILING, of_item
from dxportal.portal.domain.plan.reading import dues_of, plan_table
from dxportal.portal.enums import OF_MEETINGS, Measure
from dxportal.portal.forms.plan import (
    BY_DAY,
    CopyYearForm,
    DayAddress,
    HandCountForm,
    PlanChangeForm,
    PlanItemForm,
    as_lines,
)
from dxportal.portal.models import PlanItem
from dxportal.portal.views.plan.base import TOP, PlanItemPage, day_in, years_of

MOST_MEETINGS = 500


class Item(PlanItemPage, TemplateView):
    template_name = "portal/plan/item.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = day_in(self.item.fiscal_year, DayAddress(self.request.GET).values.day, timezone.localdate())
        (row,) = plan_table([self.item], self.item.fiscal_year, day).rows
        context = {
            "row": row,
            "day": day,
            "dues": dues_of(self.item),
            "kinds": self.kinds(),
            "meetings": self.meetings(day)[:MOST_MEETINGS] if self.item.measure in OF_MEETINGS else (),
            "changes": self.item.changes.select_related("user"),
            "entries": self.item.hand_counts.select_related("user"),
        }
        return super().get_context_data(**(context | kwargs))

    def kinds(self) -> QuerySet[Any]:
        model = Capacity if self.item.measure == Measure.ROSTER else OccasionKind
        return model.objects.for_user(self.user).filter(code__in=self.item.kinds)

    def meetings(self, day: dt.date) -> QuerySet[Occasion]:
        """Those that count by ``day``, latest first; the person reads no others than those in reach."""
        first, _ = bounds(self.item.fiscal_year)
        rows = Occasion.objects.for_user(self.user).between(first, day).took_place()
        return rows.of_kind(*self.item.kinds).order_by("-starts_at", "-pk")


class ItemHistory(PlanItemPage, ListPage):
    template_name = "portal/plan/history.html"
    heading = here = "履歴"

    def all_rows(self) -> HistoryList:
        return of_item(self.item)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(ceiling=CEILING, **kwargs)


class ItemFormPage(ActPage):
    """What adding and correcting a row share."""

    roles = PREFECTURE_ROLES
    form_class = PlanItemForm
    template_name = "portal/plan/form.html"
    button = "保存する"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "fiscal_year": self.fiscal_year(),
            "kinds": list(OccasionKind.objects.for_user(self.user).in_use().values_list("code", "name")),
            "capacities": list(Capacity.objects.for_user(self.user).values_list("code", "name")),
        }

    def fiscal_year(self) -> int:
        raise NotImplementedError

    def get_success_url(self) -> str:
        return f"{reverse('portal:plan')}?year={self.fiscal_year()}"


class ItemAdd(ItemFormPage):
    once = True

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"{self.fiscal_year()}年度の計画に項目を追加"

    def fiscal_year(self) -> int:
        wanted = self.request.GET.get("year", "")
        years = {str(year): year for year in (*years_of(self.user), fiscal_year_of(timezone.localdate()) + 1)}
        return years.get(wanted, fiscal_year_of(timezone.localdate()))

    def act(self, form: PlanItemForm) -> str:
        item = write.create(form.row(), form.cleaned_data["dues"], fiscal_year=self.fiscal_year(), user=self.user)
        return f"「{item.item}」を追加しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, "項目の追加")


class ItemCorrect(PlanItemPage, ItemFormPage):
    scope = "editable_by"
    roles_first = True
    here = "当初計画の訂正"
    heading = "当初計画の訂正"

    def fiscal_year(self) -> int:
        return self.item.fiscal_year

    def get_initial(self) -> dict[str, Any]:
        names = ("section", "item", "unit", "measure", "target", "note", "revision")
        dues = dues_of(self.item)
        chosen = {"kinds": self.item.kinds, "capacities": self.item.kinds}
        calendar = {"calendar": BY_DAY, "due_lines": as_lines(dues)}
        return {name: getattr(self.item, name) for name in names} | chosen | calendar

    def act(self, form: PlanItemForm) -> str:
        revision = form.cleaned_data["revision"] or 0
        item = write.correct(self.item.pk, form.row(), form.cleaned_data["dues"], user=self.user, revision=revision)
        return f"「{item.item}」を訂正しました。"

    def get_back_url(self) -> str:
        return reverse("portal:plan_item", args=[self.item.pk])

    def get_success_url(self) -> str:
        return self.get_back_url()


class ItemAct(PlanItemPage, ActPage):
    """An act about the row, after which its page is shown."""

    roles_first = True
    roles = PREFECTURE_ROLES
    scope = "editable_by"

    def get_success_url(self) -> str:
        return reverse("portal:plan_item", args=[self.item.pk])


class ItemDelete(ItemAct):
    heading = here = "項目の削除"
    button = "項目を削除する"
    danger = True
    template_name = "portal/plan/delete.html"

    def act(self, form: None) -> str:
        write.delete(self.item.pk, user=self.user)
        return f"「{self.item.item}」を削除しました。手入力の数と計画の変更も削除しました。"

    def get_success_url(self) -> str:
        return f"{reverse('portal:plan')}?year={self.item.fiscal_year}"

    def get_back_url(self) -> str:
        return reverse("portal:plan_item", args=[self.item.pk])


class ItemMove(ItemAct):
    """Up or down among the rows; a button in the table."""

    post_only = True
    places = 1

    def act(self, form: None) -> None:
        write.move(self.item.pk, self.places, user=self.user)

    def get_success_url(self) -> str:
        return f"{reverse('portal:plan')}?year={self.item.fiscal_year}#item-{self.item.pk}"


class ChangePlan(ItemAct):
    heading = here = "計画の変更"
    form_class = PlanChangeForm
    template_name = "portal/plan/change.html"
    button = "計画を変更する"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"fiscal_year": self.item.fiscal_year}

    def get_initial(self) -> dict[str, Any]:
        latest = self.item.changes.last() or self.item
        return {"target": latest.target, "calendar": BY_DAY, "due_lines": as_lines(dues_of(latest))}

    def act(self, form: PlanChangeForm) -> str:
        names = ("day", "target", "dues", "reason")
        change = write.change_plan(self.item.pk, user=self.user, **{name: form.cleaned_data[name] for name in names})
        return f"{change.day:%Y-%m-%d}からの計画に変更しました。当初の計画も残っています。"


class ChangeTakeBack(ItemAct):
    heading = here = "計画の変更の取消し"
    button = "この変更を取り消す"
    danger = True
    part = ObjectPart("changes", "change", key="change")

    def act(self, form: None) -> str:
        write.take_change_back(self.item.pk, self.change.pk, user=self.user)  # type: ignore[attr-defined]
        return "計画の変更を取り消しました。"


class CountByHand(ItemAct):
    once = True
    scope = "for_user"
    roles = OFFICE_ROLES
    heading = here = "数の手入力"
    form_class = HandCountForm
    template_name = "portal/plan/act.html"
    button = "記録する"

    def not_now(self) -> str:
        return "" if self.item.is_by_hand else "この項目は会合や名簿から数えるため、手では入力できません。"

    def act(self, form: HandCountForm) -> str:
        write.count_by_hand(self.item.pk, user=self.user, **form.cleaned_data)
        return "手入力の数を記録しました。"


class CopyYear(ActPage):
    roles = PREFECTURE_ROLES
    form_class = CopyYearForm
    heading = "前の年度の計画を写す"
    button = "写して作成する"

    def get_form_kwargs(self) -> dict[str, Any]:
        years = PlanItem.objects.editable_by(self.user).order_by("-fiscal_year")
        return {
            "years": list(years.values_list("fiscal_year", flat=True).distinct()),
            "today": timezone.localdate(),
        }

    def act(self, form: CopyYearForm) -> str:
        self.to_year = int(form.cleaned_data["to_year"])
        number = write.copy_year(int(form.cleaned_data["from_year"]), self.to_year, user=self.user)
        return f"{self.to_year}年度の計画に{number}項目を写しました。期日は同じ月日に移しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, self.heading)

    def get_success_url(self) -> str:
        return f"{reverse('portal:plan')}?year={getattr(self, 'to_year', '')}"

    def get_back_url(self) -> str:
        return reverse("portal:plan")
