"""The register of supporters: list and file, one supporter, writing, and the periods of their capacities."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from dxportal.core.accounts.models import Assignment
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.people.domain import write
from dxportal.core.people.domain.history import supporter_history
from dxportal.core.people.domain.register import count_on, holding
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.forms.supporters import (
    CapacityForm,
    LastDayForm,
    SupporterAddress,
    SupporterForm,
    initial_of,
)
from dxportal.core.people.models import Supporter, SupporterCapacity
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ObjectPart, ScopedObject, crumbs

LIST = ("支援者", "people:supporters")
HEADER = ("氏名", "カナ", "所属", "役割", "分野", "開始日", "終了日", "登録している国の制度", "アカウント")
NOTE = "備考"


class SupporterList(ListPage):
    """As of a day, today unless the address says another."""

    model = Supporter
    scope = "for_user"
    address_class = SupporterAddress
    sorts = {"name": "kana", "affiliation": "affiliation"}
    heading = "支援者"
    template_name = "people/supporters/list.html"

    def get_address_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    @property
    def day(self) -> dt.date:
        return self.filters.day or timezone.localdate()

    def filtered(self, rows: QuerySet[Supporter]) -> QuerySet[Supporter]:
        asked_for = self.filters
        everybody = asked_for.state == "all"
        held = SupporterCapacity.objects.select_related("capacity")
        if not everybody:
            held = held.on_day(self.day)
        if asked_for.capacity or asked_for.field or not everybody:
            rows = holding(rows, None if everybody else self.day, asked_for.capacity, asked_for.field)
        rows = rows.filter(called(asked_for.q, "name", "kana", "affiliation"))
        return rows.prefetch_related(Prefetch("capacities", held, to_attr="held"))

    def crumbs(self) -> Crumbs:
        return crumbs(self.heading)

    def file_name(self) -> str:
        return f"支援者_{self.day:%Y%m%d}"

    def sheets(self, rows: QuerySet[Any]) -> Sequence[Sheet]:
        """A row for each capacity; notes only for those who may read them."""
        office = self.user.role in OFFICE_ROLES
        header = (*HEADER, NOTE) if office else HEADER
        lines = [cells(supporter, held, office) for supporter in rows for held in (supporter.held or [None])]
        return [Sheet("支援者", header, lines, (("基準日", f"{self.day:%Y-%m-%d}"),))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "day": self.day,
            "today": timezone.localdate(),
            "count": count_on(self.day, user=self.user),
            "may_edit": self.user.role in OFFICE_ROLES,
        }
        return super().get_context_data(**(context | kwargs))


def cells(supporter: Supporter, held: SupporterCapacity | None, office: bool) -> tuple[Any, ...]:
    """A supporter in one capacity (None: in none) under HEADER."""
    period = (held.capacity.name, held.field, held.first_day, held.last_day) if held else ("", "", None, None)
    account = "あり" if supporter.user_id else "なし"
    line = (supporter.name, supporter.kana, supporter.affiliation, *period, "、".join(supporter.schemes), account)
    return (*line, supporter.note) if office else line


class SupporterPage(ScopedObject):
    model = Supporter
    scope = "for_user"
    name = "supporter"
    here = ""
    supporter: Supporter

    def crumbs(self) -> Crumbs:
        if not self.here:
            return crumbs(LIST, self.supporter.name)
        return crumbs(LIST, (self.supporter.name, "people:supporter", self.supporter.pk), self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"crumbs": self.crumbs(), "today": timezone.localdate()} | kwargs))

    def get_success_url(self) -> str:
        return reverse("people:supporter", args=[self.supporter.pk])


class SupporterDetail(SupporterPage, TemplateView):
    """Notes and history are the office's; of the towns in charge everybody sees those in their own reach."""

    template_name = "people/supporters/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = self.user.role in OFFICE_ROLES
        charges = Assignment.objects.for_user(self.user).filter(
            membership__user=self.supporter.user_id, membership__organization=self.supporter.prefecture_id
        )
        charges = charges.select_related("organization").order_by("organization__sort_order", "-first_day")
        mark_ended(charge.organization for charge in charges)
        context = {
            "capacities": self.supporter.capacities.select_related("capacity"),
            "charges": charges,
            "may_edit": office,
            "entries": supporter_history(self.supporter) if office else [],
        }
        return super().get_context_data(**(context | kwargs))


class SupporterCreate(ActPage):
    once = True
    roles = OFFICE_ROLES
    form_class = SupporterForm
    template_name = "people/supporters/form.html"
    heading = "支援者を登録する"
    button = "登録する"
    saved: Supporter

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def act(self, form: SupporterForm) -> str:
        self.saved = write.create_supporter(form.values(), user=self.user)
        return f"{self.saved.name}さんを登録しました。続けて役割と期間を登録してください。"

    def get_success_url(self) -> str:
        return reverse("people:supporter", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("people:supporters")

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, "登録")


class SupporterEdit(SupporterPage, ActPage):
    """A stale save shows what is stored beside what was typed."""

    scope = "editable_by"
    form_class = SupporterForm
    template_name = "people/supporters/form.html"
    heading = "支援者を変更する"
    button = "保存する"
    here = "変更"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "supporter": self.supporter}

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.supporter)

    def act(self, form: SupporterForm) -> str:
        revision = form.cleaned_data.get("revision") or 0
        supporter = write.change_supporter(self.supporter.pk, form.values(), user=self.user, revision=revision)
        return f"{supporter.name}さんを保存しました。"


class SupporterDelete(SupporterPage, ActPage):
    scope = "editable_by"
    template_name = "people/supporters/delete.html"
    heading = "支援者を削除する"
    button = "削除する"
    here = "削除"
    danger = True

    def not_now(self) -> str:
        if self.supporter.capacities.exists():
            return "役割のある支援者は削除できません。役割に終了日を入力してください。"
        return ""

    def act(self, form: None) -> str:
        write.delete_supporter(self.supporter.pk, user=self.user)
        return f"{self.supporter.name}さんを削除しました。"

    def get_success_url(self) -> str:
        return reverse("people:supporters")

    def get_back_url(self) -> str:
        return reverse("people:supporter", args=[self.supporter.pk])


class CapacityCreate(SupporterPage, ActPage):
    once = True
    scope = "editable_by"
    form_class = CapacityForm
    template_name = "people/supporters/capacity_form.html"
    heading = "役割を登録する"
    button = "登録する"
    here = "役割の登録"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def act(self, form: CapacityForm) -> str:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
        row = write.store_capacity(self.supporter.pk, **typed, user=self.user)
        return f"{self.supporter.name}さんの役割「{row}」を登録しました。"


class CapacityPage(SupporterPage):
    """One capacity of a supporter."""

    scope = "editable_by"
    key = "supporter"
    field = "pk"
    part = ObjectPart("capacities", "held", related=("capacity",))
    held: SupporterCapacity


class CapacityEdit(CapacityPage, ActPage):
    template_name = "people/supporters/capacity_form.html"
    form_class = CapacityForm
    heading = "役割を変更する"
    button = "保存する"
    here = "役割の変更"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "row": self.held}

    def get_initial(self) -> dict[str, Any]:
        names = ("capacity", "field", "first_day", "last_day", "revision")
        return {name: getattr(self.held, name) for name in names}

    def act(self, form: CapacityForm) -> str:
        typed = form.cleaned_data | {"revision": form.cleaned_data.get("revision") or 0}
        row = write.store_capacity(self.supporter.pk, pk=self.held.pk, **typed, user=self.user)
        return f"{self.supporter.name}さんの役割「{row}」を保存しました。"


class CapacityEnd(CapacityPage, ActPage):
    template_name = "people/supporters/capacity_form.html"
    form_class = LastDayForm
    heading = "役割を終了する"
    button = "終了する"
    here = "役割の終了"

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": self.held.last_day or timezone.localdate()}

    def act(self, form: LastDayForm) -> str:
        row = write.end_capacity(self.supporter.pk, self.held.pk, form.cleaned_data["last_day"], user=self.user)
        return f"{self.supporter.name}さんの役割「{row}」の最後の日を登録しました。"


class CapacityRemove(CapacityPage, ActPage):
    """For one that was entered by mistake: it leaves the counts of past days, too."""

    template_name = "people/supporters/capacity_remove.html"
    heading = "役割の登録を取り消す"
    button = "取り消す"
    here = "役割の取消し"
    danger = True

    def act(self, form: None) -> str:
        write.remove_capacity(self.supporter.pk, self.held.pk, user=self.user)
        return f"{self.supporter.name}さんの役割「{self.held}」の登録を取り消しました。"
