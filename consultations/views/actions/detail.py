"""One action: its page, and its moves."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from consultations.domain.actions import moves
from consultations.domain.actions.history import history
from consultations.domain.actions.lines import lines
from consultations.enums import ActionMove, ActionState
from consultations.forms.actions import ActionDropForm, ActionReopenForm, ActionResultForm
from consultations.models import Action
from consultations.views.actions.base import ActionPage
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.pages import ActPage

FORMS: dict[ActionMove, type[PortalForm]] = {
    ActionMove.CARRY_OUT: ActionResultForm,
    ActionMove.DROP: ActionDropForm,
    ActionMove.REOPEN: ActionReopenForm,
}


class ActionDetail(ActionPage, TemplateView):
    template_name = "consultations/actions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editable = Action.objects.editable_by(self.user).filter(pk=self.action.pk).exists()
        context = {
            "line": lines([self.action])[0],
            "possible": moves.possible_moves(self.action, self.user),
            "may_edit": editable and self.action.state == ActionState.OPEN,
            "transitions": self.action.transitions.all(),
            "entries": history(self.action),
        }
        return super().get_context_data(**(context | kwargs))


class ActionMoved(ActionPage, ActPage):
    """One move: done with its result, dropped with its reason, opened again."""

    scope = "editable_by"
    template_name = "consultations/actions/move.html"
    move: ActionMove = ActionMove.CARRY_OUT

    def enter(self) -> None:
        self.roles = moves.ACTIONS.table.roles(self.move)
        self.form_class = FORMS[self.move]
        self.heading = self.button = self.here = self.move.label
        super().enter()

    def not_now(self) -> str:
        if self.move in moves.possible_moves(self.action, self.user):
            return ""
        return f"このアクションは現在「{self.action.get_state_display()}」です。"

    def act(self, form: PortalForm) -> str:
        action = moves.make_move(self.action.pk, self.move, user=self.user, result=form.cleaned_data["result"])
        return f"アクション「{action.title}」を「{action.get_state_display()}」にしました。"

    def get_success_url(self) -> str:
        return reverse("consultations:action", args=[self.action.pk])
