"""Before handing in: what to look at again; the moves 庁内確認 → 提出 and back; the receipt."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from assessments.domain.answering import moves
from assessments.domain.answering.moves import possible_moves
from assessments.domain.answering.review import CONTRADICTION, INCOMPLETE, INVALID, JUMP, MISSING, Finding, review
from assessments.enums import RESPONSE_MOVES, ResponseMove, ResponseState
from assessments.forms.answering import CommentForm, SendBackForm, SubmitForm
from assessments.views.answering.base import ResponsePage
from dxportal.core.ui.pages import ActPage

GROUPS = (
    ("missing", "未回答の必須設問", (MISSING,)),
    ("incomplete", "回答の不足・誤り", (INCOMPLETE, INVALID)),
    ("contradiction", "ほかの回答との食い違い", (CONTRADICTION,)),
    ("jump", "前回からの大きな変化", (JUMP,)),
)


class ConfirmPage(ResponsePage, TemplateView):
    """Gaps, contradictions and jumps with links to the questions, and the moves the person may make now."""

    template_name = "assessments/answering/confirm.html"
    here = "確認と提出"

    @cached_property
    def findings(self) -> list[Finding]:
        answers = {code: answer.value for code, answer in self.stored.items()}
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
            possible=possible_moves(self.response, self.user) if self.may_edit else frozenset(),
            survey_open=self.response.survey.state == "open",
            **(forms | kwargs),
        )

    def groups(self) -> list[dict[str, Any]]:
        """The findings by kind; each with its question, where it is, and the note that may explain it."""
        groups = []
        for code, title, kinds in GROUPS:
            rows = []
            for finding in self.findings:
                if finding.kind in kinds:
                    question = self.spec.question(finding.question)
                    page = reverse("assessments:section", args=[self.response.pk, question.section])
                    stored = self.stored.get(question.code)
                    rows.append(
                        {
                            "question": question,
                            "message": finding.message,
                            "url": f"{page}#question-{question.code}",
                            "note": stored.note if stored else "",
                        }
                    )
            groups.append({"code": code, "title": title, "rows": rows})
        return groups


class HandingInAct(ConfirmPage, ActPage):
    """One move by POST: done, it goes on; refused, the confirmation page says why and keeps what was typed."""

    post_only = True
    form_class = CommentForm
    form_name = "comment_form"
    move: ResponseMove

    def enter(self) -> None:
        super().enter()
        if self.user.role not in RESPONSE_MOVES.roles(self.move):
            raise PermissionDenied

    def get_success_url(self) -> str:
        return reverse("assessments:response_detail", args=[self.response.pk])


class Begin(HandingInAct):
    """Opens a response that only holds carried-over answers for handing in as it is."""

    move = ResponseMove.BEGIN

    def act(self, form):
        moves.begin(self.response.pk, user=self.user)
        return "入力を開始しました。内容を確かめて、庁内確認を依頼してください。"

    def get_success_url(self):
        return reverse("assessments:response_confirm", args=[self.response.pk])


class RequestReview(HandingInAct):
    move = ResponseMove.REQUEST_REVIEW

    def act(self, form):
        moves.request_review(self.response.pk, user=self.user, comment=form.cleaned_data["comment"])
        return "庁内確認を依頼しました。承認者が確認して提出します。"


class Withdraw(HandingInAct):
    move = ResponseMove.WITHDRAW

    def act(self, form):
        moves.withdraw(self.response.pk, user=self.user, comment=form.cleaned_data["comment"])
        return "庁内確認の依頼を取り下げました。続けて入力できます。"


class SendBack(HandingInAct):
    move = ResponseMove.SEND_BACK
    form_class = SendBackForm
    form_name = "send_back_form"

    def get_form_kwargs(self):
        return {"questions": self.spec.questions}

    def act(self, form):
        moves.send_back(self.response.pk, user=self.user, **form.cleaned_data)
        return "担当者に差し戻しました。"


class Submit(HandingInAct):
    """A second click on a submitted response leads to its receipt rather than to an error."""

    move = ResponseMove.SUBMIT
    form_class = SubmitForm
    form_name = "submit_form"

    def get_form_kwargs(self):
        return {"unanswered": self.unanswered}

    def act(self, form):
        possible = self.move in possible_moves(self.response, self.user)
        if not possible and self.response.state != ResponseState.SUBMITTED:
            # Whoever may submit from another state is told the state, not refused the page.
            raise moves.RESPONSES.not_possible(self.response, self.move)
        if possible:
            moves.submit(self.response.pk, user=self.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("assessments:response_receipt", args=[self.response.pk])


class Receipt(ResponsePage, TemplateView):
    """受付番号, when, by whom; to be printed and filed."""

    template_name = "assessments/answering/receipt.html"
    here = "受付票"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.response.receipt_number:
            return redirect("assessments:response_detail", self.response.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = self.response.transitions.filter(to_state=ResponseState.SUBMITTED).last()
        return super().get_context_data(move=last, **kwargs)
