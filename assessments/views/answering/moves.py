"""Before handing in: what to look at again; the moves 庁内確認 → 提出 and back; the receipt."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from assessments.domain.answering import moves
from assessments.domain.answering.moves import possible_moves
from assessments.domain.answering.review import CONTRADICTION, INCOMPLETE, INVALID, JUMP, MISSING, Finding, review
from assessments.enums import RESPONSE_MOVES, ResponseMove, ResponseState
from assessments.forms.answering import CommentForm, SendBackForm, SubmitForm
from assessments.views.answering.base import SheetMixin
from dxportal.core.workflow.errors import NotPossible

GROUPS = (
    ("missing", "未回答の必須設問", (MISSING,)),
    ("incomplete", "回答の不足・誤り", (INCOMPLETE, INVALID)),
    ("contradiction", "ほかの回答との食い違い", (CONTRADICTION,)),
    ("jump", "前回からの大きな変化", (JUMP,)),
)


class ConfirmPage(SheetMixin, TemplateView):
    """Gaps, contradictions and jumps with links to the questions, and the moves the person may make now."""

    template_name = "assessments/answering/confirm.html"

    @cached_property
    def findings(self) -> list[Finding]:
        answers = {code: one.value for code, one in self.stored.items()}
        if self.previous is None:
            return review(self.spec, answers)
        return review(self.spec, answers, self.previous.answers, self.previous.spec)

    @property
    def unanswered(self) -> int:
        return self.counts.required - self.counts.answered

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        forms = {
            "comment_form": CommentForm(),
            "send_back_form": SendBackForm(questions=self.spec.questions),
            "submit_form": SubmitForm(unanswered=self.unanswered),
        }
        return super().get_context_data(
            groups=self.groups(),
            unanswered=self.unanswered,
            possible=possible_moves(self.object, self.request.user) if self.may_edit else frozenset(),
            survey_open=self.object.survey.state == "open",
            **(forms | kwargs),
        )

    def groups(self) -> list[dict[str, Any]]:
        """The findings by kind; each with its question, where it is, and the note that may explain it."""
        found = []
        for code, title, kinds in GROUPS:
            rows = [self._row(finding) for finding in self.findings if finding.kind in kinds]
            found.append({"code": code, "title": title, "rows": rows})
        return found

    def _row(self, finding: Finding) -> dict[str, Any]:
        question = self.spec.question(finding.question)
        page = reverse("assessments:section", args=[self.object.pk, question.section])
        stored = self.stored.get(question.code)
        return {
            "question": question,
            "message": finding.message,
            "url": f"{page}#question-{question.code}",
            "note": stored.note if stored else "",
        }

    def crumbs(self):
        return self.way("確認と提出")


class Move(ConfirmPage):
    """One move by POST: done, it goes on; refused, the confirmation page says why and keeps what was typed."""

    http_method_names = ["post"]
    form_name = "comment_form"
    move: ResponseMove

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.role not in RESPONSE_MOVES.roles(self.move):
            raise PermissionDenied
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self.go(form.cleaned_data)
            except NotPossible as error:
                form.add_error(None, error.message)
                self.object.refresh_from_db()
        return self.render_to_response(self.get_context_data(**{self.form_name: form}, form=form))

    def form(self, data):
        return CommentForm(data)

    def go(self, values: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError

    def told(self, text: str) -> HttpResponseRedirect:
        messages.success(self.request, text)
        return redirect("assessments:response_detail", self.object.pk)


class Begin(Move):
    """Opens a sheet that only holds carried-over answers for handing in as it is."""

    move = ResponseMove.BEGIN

    def go(self, values):
        moves.begin(self.object.pk, user=self.request.user)
        messages.success(self.request, "入力を開始しました。内容を確かめて、庁内確認を依頼してください。")
        return redirect("assessments:response_confirm", self.object.pk)


class RequestReview(Move):
    move = ResponseMove.REQUEST_REVIEW

    def go(self, values):
        moves.request_review(self.object.pk, user=self.request.user, comment=values["comment"])
        return self.told("庁内確認を依頼しました。承認者が確認して提出します。")


class Withdraw(Move):
    move = ResponseMove.WITHDRAW

    def go(self, values):
        moves.withdraw(self.object.pk, user=self.request.user, comment=values["comment"])
        return self.told("庁内確認の依頼を取り下げました。続けて入力できます。")


class SendBack(Move):
    move = ResponseMove.SEND_BACK
    form_name = "send_back_form"

    def form(self, data):
        return SendBackForm(data, questions=self.spec.questions)

    def go(self, values):
        moves.send_back(self.object.pk, user=self.request.user, **values)
        return self.told("担当者に差し戻しました。")


class Submit(Move):
    """A second click on a submitted sheet leads to its receipt rather than to an error."""

    move = ResponseMove.SUBMIT
    form_name = "submit_form"

    def form(self, data):
        return SubmitForm(data, unanswered=self.unanswered)

    def go(self, values):
        if self.object.state == ResponseState.SUBMITTED and ResponseMove.SUBMIT not in self.may_move:
            return redirect("assessments:response_receipt", self.object.pk)
        moves.submit(self.object.pk, user=self.request.user, **values)
        return redirect("assessments:response_receipt", self.object.pk)

    @property
    def may_move(self) -> frozenset[str]:
        return possible_moves(self.object, self.request.user)


class Receipt(SheetMixin, TemplateView):
    """受付番号, when, by whom; to be printed and filed."""

    template_name = "assessments/answering/receipt.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.receipt_number:
            return redirect("assessments:response_detail", self.object.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = self.object.transitions.filter(to_state=ResponseState.SUBMITTED).last()
        return super().get_context_data(move=last, **kwargs)

    def crumbs(self):
        return self.way("受付票")
