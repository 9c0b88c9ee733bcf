"""確認と公開: what changed since last time, the moves a person may make, the history, deleting a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from casestudies.domain.content import missing
from casestudies.domain.contribution import moves, write
from casestudies.domain.contribution.history import CEILING, of_case
from casestudies.enums import CaseMove, CaseState
from casestudies.forms.contribution.case import Choices
from casestudies.forms.contribution.moves import CaseCommentForm, CasePublishForm, CaseSendBackForm
from casestudies.models import Case
from casestudies.views.contribution.pages import CaseMixin
from dxportal.core.workflow.errors import NotPossible

PER_PAGE = 50
DONE = {
    CaseMove.SUBMIT: "県に確認を依頼しました。県が公開するか、差し戻すまでお待ちください。",
    CaseMove.WITHDRAW: "確認の依頼を取り下げました。続けて編集できます。",
    CaseMove.SEND_BACK: "登録した団体に差し戻しました。",
    CaseMove.PUBLISH: "公開しました。",
    CaseMove.ARCHIVE: "保管しました。検索や一覧には出なくなります。",
    CaseMove.RESTORE: "下書きに戻しました。",
}


class Review(CaseMixin, TemplateView):
    """One page for whoever contributes and whoever reviews; each sees the moves that are theirs."""

    template_name = "casestudies/contribution/review.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case, user = self.object, self.request.user
        seen = moves.last_seen(case)
        context = {
            "possible": moves.possible_moves(case, user),
            "missing": missing(write.content_of(case)),
            "seen": seen,
            "changes": moves.changes_since(case, seen, Choices.load().names) if seen else [],
            "transitions": case.transitions.select_related("by"),
            "attachments": case.attachments.all(),
            "submit_form": self.fresh(CaseCommentForm),
            "send_back_form": self.fresh(CaseSendBackForm),
            "publish_form": self.fresh(CasePublishForm),
            "crumbs": self.way("確認と公開"),
        }
        return super().get_context_data(**(context | kwargs))

    def fresh(self, kind: type[CaseCommentForm]) -> CaseCommentForm:
        audience = self.object.audience if self.object.state == CaseState.PUBLISHED else None
        names = {CaseSendBackForm: "back", CasePublishForm: "publish"}
        return kind(
            initial={"revision": self.object.revision, "audience": audience}, auto_id=f"id_{names.get(kind, 'ask')}_%s"
        )


class MakeMove(Review):
    """One move by POST: done, the page says so; refused, it says why and keeps what was typed."""

    http_method_names = ["post"]
    move: CaseMove = CaseMove.SUBMIT
    forms = {
        CaseMove.SEND_BACK: (CaseSendBackForm, "send_back_form", "back"),
        CaseMove.PUBLISH: (CasePublishForm, "publish_form", "publish"),
    }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not moves.movable(self.move, request.user).filter(pk=self.object.pk).exists():
            raise PermissionDenied
        kind, name, start = self.forms.get(self.move, (CaseCommentForm, "submit_form", "ask"))
        form = kind(request.POST, auto_id=f"id_{start}_%s")
        if form.is_valid():
            try:
                return self.done(moves.make_move(self.object.pk, self.move, user=request.user, **form.cleaned_data))
            except NotPossible as error:
                form.add_error(None, error)
                self.object.refresh_from_db()
                form.data = form.data.copy()
                form.data["revision"] = self.object.revision  # what the page now shows
        return self.render_to_response(self.get_context_data(form=form, **{name: form}))

    def done(self, case: Case) -> HttpResponse:
        messages.success(self.request, f"「{case.title}」：{DONE[self.move]}")
        if not Case.objects.of_user(self.request.user).filter(pk=case.pk).exists():
            return redirect("casestudies:manage")
        return redirect("casestudies:review", case.source_id)


class Delete(CaseMixin, TemplateView):
    """Asks first."""

    template_name = "casestudies/contribution/delete.html"
    editing = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        title = self.object.title
        try:
            write.delete(self.object.pk, user=request.user)
        except NotPossible as error:
            messages.error(request, error.message)
            return redirect("casestudies:review", self.object.source_id)
        messages.success(request, f"下書き「{title}」を削除しました。")
        return redirect("casestudies:manage")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        possible = self.object.state == CaseState.DRAFT and not self.object.published_at
        return super().get_context_data(possible=possible, crumbs=self.way("下書きの削除"), **kwargs)


class History(CaseMixin, TemplateView):
    """Who changed what and when, old → new; the moves with what was said."""

    template_name = "casestudies/contribution/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = of_case(self.object)
        context = {
            "page": Paginator(found, PER_PAGE).get_page(self.request.GET.get("page")),
            "ceiling": CEILING,
            "transitions": self.object.transitions.select_related("by"),
            "crumbs": self.way("履歴"),
        }
        return super().get_context_data(**(context | kwargs))
