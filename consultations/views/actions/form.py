"""Writing an action."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.domain.actions import write
from consultations.enums import ACTING_ROLES
from consultations.forms.actions import ActionForm, initial_of
from consultations.models import Action
from consultations.views.actions.base import TOP, ActionPage
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class ActionCreate(ActPage):
    """The town of the address, or the only one in reach, is chosen already."""

    once = True
    roles = ACTING_ROLES
    form_class = ActionForm
    template_name = "consultations/actions/form.html"
    heading = "アクションを登録する"
    button = "登録する"
    saved: Action

    def enter(self) -> None:
        super().enter()
        self.towns = write.towns_for(self.user)
        if not self.towns.exists():
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "towns": self.towns}

    def get_initial(self) -> dict[str, Any]:
        first = list(self.towns[:2])
        only = first[0].pk if len(first) == 1 else None
        return {"organization": self.request.GET.get("organization") or only}

    def act(self, form: ActionForm) -> str:
        self.saved = write.create(form.cleaned_data["organization"].pk, form.content(), user=self.user)
        return f"アクション「{self.saved.title}」を登録しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:action", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("consultations:actions")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, "新しいアクション")


class ActionEdit(ActionPage, ActPage):
    """A stale save shows what is stored beside what was typed."""

    scope = "editable_by"
    form_class = ActionForm
    template_name = "consultations/actions/form.html"
    heading = "アクションを変更する"
    button = "保存する"
    here = "変更"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "towns": None}

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.action)

    def act(self, form: ActionForm) -> str:
        revision = form.cleaned_data.get("revision") or 0
        action = write.change(self.action.pk, form.content(), user=self.user, revision=revision)
        return f"アクション「{action.title}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:action", args=[self.action.pk])
