"""One item of the shelf: its page, its moves, an agreement, its files."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView

from consultations.domain.questions.lines import listed
from consultations.domain.shelf import moves, write
from consultations.domain.shelf.history import history
from consultations.enums import ACTING_ROLES, ShelfMove, ShelfState
from consultations.forms.shelf import ShelfMoveForm
from consultations.models import ShelfItem, ShelfTaking, TownQuestion
from consultations.views.shelf.base import ShelfPage
from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.files.attachments import download
from dxportal.core.ui.pages import ActPage

LABELS = {
    ShelfMove.APPROVE: "いつ、どの会議で承認されたか",
    ShelfMove.OBJECT: "直してほしいところ",
}
# The button that stands first on the page.
MAIN = (ShelfMove.RELEASE, ShelfMove.CIRCULATE, ShelfMove.APPROVE)


class ShelfDetail(ShelfPage, TemplateView):
    template_name = "consultations/shelf/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        possible = moves.possible_moves(self.item, self.user)
        # Who took it is for those who write it, and each town for itself.
        takings = ShelfTaking.objects.filter(version__item=self.item).select_related("organization", "version")
        questions = TownQuestion.objects.for_user(self.user).filter(shelf_item=self.item)
        context = {
            "possible": [(move, move.label, URL_WORDS[move], move in MAIN) for move in ShelfMove if move in possible],
            "may_agree": moves.may_agree(self.item, self.user),
            "may_add_version": self.may_edit and write.takes_versions(self.item),
            "may_ask": self.user.role in ACTING_ROLES and self.item.state == ShelfState.RELEASED,
            "versions": self.item.versions.prefetch_related("attachments"),
            "agreements": self.item.agreements.select_related("organization"),
            "takings": takings if self.may_edit else (),
            "taken": takings.filter(organization=self.user.acting.organization_id).first(),
            "questions": listed(questions)[:50],
            "transitions": self.item.transitions.all() if self.may_edit else (),
            "entries": history(self.item) if self.may_edit else [],
        }
        return super().get_context_data(**(context | kwargs))


class ShelfMoved(ShelfPage, ActPage):
    """One move of the table; only for those who may ever make it with this item."""

    form_class = ShelfMoveForm
    move: ShelfMove = ShelfMove.RELEASE

    def enter(self) -> None:
        self.roles = moves.SHELF.table.roles(self.move)
        self.heading = self.button = self.here = self.move.label
        super().enter()
        if not ShelfItem.objects.movable_by(self.user).filter(pk=self.item.pk).exists():
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        released = ShelfItem.objects.for_user(self.user).filter(state=ShelfState.RELEASED).exclude(pk=self.item.pk)
        return {
            "successors": released if self.move == ShelfMove.SUPERSEDE else None,
            "label": LABELS.get(self.move, "理由"),
        }

    def not_now(self) -> str:
        if self.move in moves.possible_moves(self.item, self.user):
            return ""
        return f"この資料は現在「{self.item.get_state_display()}」のため、この操作はできません。"

    def act(self, form: ShelfMoveForm) -> str:
        successor = form.cleaned_data.get("successor")
        item = moves.make_move(
            self.item.pk,
            self.move,
            user=self.user,
            reason=form.cleaned_data["reason"],
            successor=successor.pk if successor else 0,
        )
        return f"「{item}」は「{item.get_state_display()}」になりました。"

    def get_success_url(self) -> str:
        # Whoever asked for changes does not see the draft.
        seen = ShelfItem.objects.for_user(self.user).filter(pk=self.item.pk).exists()
        return reverse("consultations:shelf_item", args=[self.item.pk]) if seen else reverse("consultations:shelf")


class ShelfAgree(ShelfPage, ActPage):
    """A body that is named agrees; the last one sends the item on."""

    roles = ANSWERING_ROLES
    heading = here = "資料に合意する"
    button = "合意する"

    def enter(self) -> None:
        super().enter()
        if not moves.is_asked(self.item, self.user):
            raise PermissionDenied

    def not_now(self) -> str:
        return "" if moves.may_agree(self.item, self.user) else "合意済みか、合意を求めていない状態です。"

    def act(self, form: None) -> str:
        moves.agree(self.item.pk, user=self.user)
        return "合意しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:shelf_item", args=[self.item.pk])


class ShelfFileTake(ShelfPage, View):
    """The bytes; that the town took the version is noted, so that this is no page to be looked at."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        file = write.take(self.item.pk, kwargs["file"], user=self.user)
        if file is None:
            raise Http404
        return download(file)


URL_WORDS = {
    ShelfMove.RELEASE: "consultations:shelf_release",
    ShelfMove.CIRCULATE: "consultations:shelf_circulate",
    ShelfMove.APPROVE: "consultations:shelf_approve",
    ShelfMove.OBJECT: "consultations:shelf_object",
    ShelfMove.SEND_BACK: "consultations:shelf_back",
    ShelfMove.SUPERSEDE: "consultations:shelf_supersede",
    ShelfMove.WITHDRAW: "consultations:shelf_withdraw",
    ShelfMove.RESTORE: "consultations:shelf_restore",
}
