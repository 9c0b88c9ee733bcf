"""確認と公開: what changed since last time, the moves a person may make, the history, deleting a draft."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.generic import TemplateView

from casestudies.domain.content import missing
from casestudies.domain.contribution import moves, write
from casestudies.domain.contribution.history import CEILING, of_case
from casestudies.enums import CaseMove, CaseState
from casestudies.forms.contribution.case import Choices
from casestudies.forms.contribution.moves import CaseCommentForm, CasePublishForm, CaseSendBackForm
from casestudies.models import Case
from casestudies.views.contribution.base import ContributedCase
from dxportal.core.history.trail import HistoryList
from dxportal.core.ui.pages import ActPage, ListPage

DONE = {
    CaseMove.SUBMIT: "県に確認を依頼しました。県が公開するか、差し戻すまでお待ちください。",
    CaseMove.WITHDRAW: "確認の依頼を取り下げました。続けて編集できます。",
    CaseMove.SEND_BACK: "登録した団体に差し戻しました。",
    CaseMove.PUBLISH: "公開しました。",
    CaseMove.ARCHIVE: "保管しました。検索や一覧には出なくなります。",
    CaseMove.RESTORE: "下書きに戻しました。",
}
# The page's forms: name in the template → (form, start of the ids of its fields).
FORMS = {
    "submit_form": (CaseCommentForm, "ask"),
    "send_back_form": (CaseSendBackForm, "back"),
    "publish_form": (CasePublishForm, "publish"),
}
FORM_OF_MOVE = {CaseMove.SEND_BACK: "send_back_form", CaseMove.PUBLISH: "publish_form"}


class ReviewPage(ContributedCase):
    """One page for whoever contributes and whoever reviews; each sees the moves that are theirs."""

    template_name = "casestudies/contribution/review.html"
    here = "確認と公開"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = moves.last_seen(self.case)
        audience = self.case.audience if self.case.state == CaseState.PUBLISHED else None
        initial = {"revision": self.case.revision, "audience": audience}
        context = {
            "possible": moves.possible_moves(self.case, self.user),
            "publish_label": "公開範囲を変える" if audience else CaseMove.PUBLISH.label,
            "missing": missing(write.content_of(self.case)),
            "seen": seen,
            "changes": moves.changes_since(self.case, seen, Choices.load().names) if seen else [],
            "transitions": self.case.transitions.all(),
            "attachments": self.case.attachments.all(),
            **{name: kind(initial=initial, auto_id=f"id_{start}_%s") for name, (kind, start) in FORMS.items()},
        }
        return super().get_context_data(**(context | kwargs))


class Review(ReviewPage, TemplateView):
    pass


class MakeMove(ReviewPage, ActPage):
    """One move by POST: done, the page says so; refused, it says why and keeps what was typed."""

    post_only = True
    move: CaseMove = CaseMove.SUBMIT

    def enter(self) -> None:
        super().enter()
        self.form_name = FORM_OF_MOVE.get(self.move, "submit_form")
        if not moves.movable(self.move, self.user).filter(pk=self.case.pk).exists():
            raise PermissionDenied

    def get_form(self, data: Any = None, files: Any = None) -> CaseCommentForm:
        kind, start = FORMS[self.form_name]
        return kind(data, auto_id=f"id_{start}_%s")

    def act(self, form: CaseCommentForm) -> str:
        case = moves.make_move(self.case.pk, self.move, user=self.user, **form.cleaned_data)
        return f"「{case.title}」：{DONE[self.move]}"

    def get_success_url(self) -> str:
        if not Case.objects.of_user(self.user).filter(pk=self.case.pk).exists():
            return reverse("casestudies:manage")
        return reverse("casestudies:review", args=[self.case.source_id])


class Delete(ContributedCase, ActPage):
    scope = "editable_by"
    template_name = "casestudies/contribution/confirm.html"
    heading = here = "下書きの削除"
    button = "下書きを削除する"
    danger = True

    def not_now(self) -> str:
        possible = self.case.state == CaseState.DRAFT and not self.case.published_at
        return "" if possible else "削除できるのは、まだ公開したことのない下書きだけです。"

    def act(self, form: None) -> str:
        write.delete(self.case.pk, user=self.user)
        return f"下書き「{self.case.title}」を削除しました。"

    def get_success_url(self) -> str:
        return reverse("casestudies:manage")

    def get_back_url(self) -> str:
        return reverse("casestudies:review", args=[self.case.source_id])


class History(ContributedCase, ListPage):
    """Who changed what and when, old → new; the moves with what was said."""

    template_name = "casestudies/contribution/history.html"
    heading = "事例の履歴"
    here = "履歴"

    def all_rows(self) -> HistoryList:
        return of_case(self.case)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"ceiling": CEILING, "transitions": self.case.transitions.all()}
        return super().get_context_data(**(context | kwargs))
