"""What happened to an organisation, recorded by hand, and taken back."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.enums import LifeEvent, OrganizationKind
from dxportal.core.organizations.forms.life import LifeChangeForm, LifeEndForm, TakeBackForm, possible_successors
from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.views.organizations import OrganizationForAdmin
from dxportal.core.ui.japanese import both
from dxportal.core.ui.pages import Crumbs, crumbs


class LifePage(OrganizationForAdmin):
    """An act in the life of a bureau or a municipality; a prefecture has none here."""

    title = ""
    ended_too = False

    def queryset(self, rows: Any) -> Any:
        return rows.exclude(kind=OrganizationKind.PREFECTURE)

    def not_now(self) -> str:
        last_day = self.organization.last_day
        if last_day is None or self.ended_too:
            return ""
        return f"{self.organization}は{both(last_day)}で廃止されています。直すときは、異動を取り消してから記録してください。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"heading": f"{self.organization}の{self.title}"} | kwargs))

    def crumbs(self) -> Crumbs:
        return crumbs(("組織", "organizations:list"), self.title)


class LifeChange(LifePage):
    form_class = LifeChangeForm
    template_name = "organizations/life_change.html"
    title = "改称・移行の記録"
    button = "記録する"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.organization}

    def act(self, form: LifeChangeForm) -> str:
        event = LifeEvent(form.cleaned_data["event"])
        changed = life_changes.record_change(
            self.organization.pk, form.values(), day=form.cleaned_data["day"], kind=event, user=self.user
        )
        return f"{event.label}を記録しました。{changed}の回答・分類・利用者・事例は、そのまま引き継がれます。"


class LifeEnd(LifePage):
    form_class = LifeEndForm
    template_name = "organizations/life_end.html"
    title = "合併・廃止の記録"
    button = "廃止を記録する"
    danger = True

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = Organization.objects.editable_by(self.user)
        return {"successors": possible_successors(self.organization, rows, timezone.localdate())}

    def act(self, form: LifeEndForm) -> str:
        values = form.cleaned_data
        life_changes.record_end(
            self.organization.pk,
            list(values["successors"]),
            day=values["day"],
            kind=LifeEvent(values["event"]),
            user=self.user,
        )
        return f"{self.organization}の廃止を記録しました。過去の回答などは、そのまま残ります。"


class LifeTakeBack(LifePage):
    """The last thing that happened, undone: an end, else the last name, code or bureau."""

    form_class = TakeBackForm
    template_name = "organizations/life_take_back.html"
    title = "異動の取消し"
    button = "取り消す"
    danger = True
    ended_too = True

    def not_now(self) -> str:
        return "" if life_changes.last_event(self.organization) else "取り消せる異動はありません。"

    def get_initial(self) -> dict[str, Any]:
        return {"last": life_changes.last_event(self.organization)}

    def act(self, form: TakeBackForm) -> str:
        return life_changes.record_taking_back(self.organization.pk, form.cleaned_data["last"], user=self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(former=self.organization.former_names.last(), **kwargs)


class OrganizationDelete(LifePage):
    """What was registered by mistake. Nothing is asked about beforehand: the domain sees what hangs on it."""

    title = "削除"
    button = "削除する"
    danger = True
    ended_too = True
    template_name = "organizations/delete.html"

    def act(self, form: None) -> str:
        return f"{life_changes.delete_unused(self.organization.pk, user=self.user)}を削除しました。"

    def get_success_url(self) -> str:
        return reverse("organizations:list")

    def get_back_url(self) -> str:
        return reverse("organizations:detail", args=[self.organization.pk])
