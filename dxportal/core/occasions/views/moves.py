"""Moves of an occasion, and what is held in place of a postponed one."""

import dataclasses
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dxportal.core.occasions.domain import moves, write
from dxportal.core.occasions.enums import CALLED_OFF, OCCASION_MOVES, OccasionMove, OccasionState
from dxportal.core.occasions.forms.small import MoveForm, PlainMoveForm, PostponeForm, ReplaceForm
from dxportal.core.occasions.models import Occasion
from dxportal.core.occasions.views.base import OccasionPage
from dxportal.core.ui.pages import ActPage

MOST_CANDIDATES = 100
DONE = {
    OccasionMove.HOLD: "実施済みにしました。出席を確かめてください。",
    OccasionMove.CONFIRM: "確定しました。",
    OccasionMove.CANCEL: "中止にしました。カレンダーにも伝わります。",
    OccasionMove.POSTPONE: "延期にしました。カレンダーにも伝わります。",
    OccasionMove.REOPEN: "確定を取り消しました。直してから、もう一度確定してください。",
    OccasionMove.UNHOLD: "実施を取り消し、予定に戻しました。",
    OccasionMove.REVIVE: "予定に戻しました。",
}


class OccasionAct(OccasionPage, ActPage):
    scope = "editable_by"
    template_name = "occasions/move.html"

    def get_success_url(self) -> str:
        return reverse("occasions:detail", args=[self.occasion.pk])


class MoveOccasion(OccasionAct):
    """Asks for the reason where the table wants one."""

    move: OccasionMove = OccasionMove.HOLD

    def enter(self) -> None:
        super().enter()
        if self.user.role not in OCCASION_MOVES.roles(self.move):
            raise PermissionDenied
        self.heading = self.here = self.button = self.move.label
        self.danger = self.move in (OccasionMove.CANCEL, OccasionMove.POSTPONE)
        if self.move == OccasionMove.POSTPONE:
            self.form_class = PostponeForm
        else:
            self.form_class = MoveForm if OCCASION_MOVES.needs_reason(self.move) else PlainMoveForm

    def not_now(self) -> str:
        if self.move in self.possible:
            return ""
        state = self.occasion.get_state_display()
        return f"この会合は現在「{state}」のため、「{self.move.label}」操作はできません。"

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.occasion.revision}

    def act(self, form: Any) -> str:
        cleaned = form.cleaned_data
        values = {"reason": cleaned.get("reason", ""), "revision": cleaned["revision"]}
        starts_at = cleaned.get("starts_at")
        if self.move == OccasionMove.POSTPONE and starts_at:
            draft = dataclasses.replace(write.draft_of(self.occasion), starts_at=starts_at)
            moves.postpone(self.occasion.pk, user=self.user, draft=draft, **values)
            return f"{DONE[self.move]}振替の会合を作りました。"
        moves.make_move(self.occasion.pk, self.move, user=self.user, **values)
        return DONE[self.move]


class Replace(OccasionAct):
    """Points a postponed one to a meeting that is there already; several may point to one."""

    heading = here = "振替先を選ぶ"
    button = "振替先にする"
    form_class = ReplaceForm

    def candidates(self) -> QuerySet[Occasion]:
        rows = Occasion.objects.editable_by(self.user).exclude(pk=self.occasion.pk).exclude(state__in=CALLED_OFF)
        keys = rows.filter(starts_at__gte=self.occasion.starts_at).order_by("starts_at", "pk")
        return Occasion.objects.filter(pk__in=list(keys.values_list("pk", flat=True)[:MOST_CANDIDATES]))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rows": self.candidates()}

    def not_now(self) -> str:
        return "" if self.occasion.state == OccasionState.POSTPONED else "振替先を選べるのは、延期にした会合だけです。"

    def act(self, form: ReplaceForm) -> str:
        successor = form.cleaned_data["successor"]
        moves.replace(self.occasion.pk, successor.pk, user=self.user)
        day = timezone.localtime(successor.starts_at)
        return f"振替先を{day.month}月{day.day}日の「{successor.title}」にしました。"
