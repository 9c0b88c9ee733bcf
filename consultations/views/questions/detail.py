"""One question: its page, answering, accepting an answer, withdrawing, files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from consultations.domain.questions import moves, write
from consultations.domain.questions.lines import answers_of, day_of, files_for
from consultations.domain.questions.waiting import is_late, waiting_words
from consultations.enums import ACTING_ROLES, QuestionMove
from consultations.forms.questions import AcceptForm, AnswerForm
from consultations.models import AskedTown, ShelfItem, TownQuestion
from consultations.views.questions.base import TownQuestionPage
from dxportal.core.files.attachments import download
from dxportal.core.ui.pages import ActPage, ReasonForm


class ShownQuestion(TownQuestionPage):
    """The page itself, which is drawn again where an answer or an acceptance is refused."""

    template_name = "consultations/questions/detail.html"

    def asked_towns(self) -> list[AskedTown]:
        """All of them for the own side; a town that is asked sees its own row, with the reason."""
        rows = list(self.question.asked_towns.select_related("organization"))
        return rows if self.own else [row for row in rows if row.organization_id == self.user.acting.organization_id]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answers = list(answers_of(self.question))
        state = (self.question.state, len(answers), day_of(self.question), timezone.localdate())
        context = {
            "answers": answers,
            "late": is_late(*state),
            "words": waiting_words(*state),
            "files": files_for(self.question, self.user),
            # An item that was withdrawn since is told to nobody who may not read it.
            "shelf_item": ShelfItem.objects.for_user(self.user).filter(pk=self.question.shelf_item_id).first(),
            "asked_towns": self.asked_towns(),
            "possible": moves.possible_moves(self.question, self.user),
            "may_answer": TownQuestion.objects.answerable_by(self.user).filter(pk=self.question.pk).exists(),
            "transitions": self.question.transitions.all() if self.own else (),
            "answer_form": AnswerForm(),
        }
        return super().get_context_data(**(context | kwargs))


class TownQuestionDetail(ShownQuestion, TemplateView):
    pass


class QuestionAnswer(ShownQuestion, ActPage):
    """An answer by POST from the question's page; refused, it stays there as typed."""

    once = True
    roles = ACTING_ROLES
    post_only = True
    form_class = AnswerForm
    form_name = "answer_form"

    def act(self, form: AnswerForm) -> str:
        write.answer(self.question.pk, form.cleaned_data["text"], user=self.user)
        return "回答しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:question", args=[self.question.pk])


class QuestionAccept(ShownQuestion, ActPage):
    scope = "editable_by"
    post_only = True
    form_class = AcceptForm
    form_name = "accept_form"

    def act(self, form: AcceptForm) -> str:
        moves.accept(
            self.question.pk,
            form.cleaned_data["answer"],
            user=self.user,
            revision=form.cleaned_data["revision"] or 0,
        )
        return "質問を「解決」にしました。"

    def get_success_url(self) -> str:
        return reverse("consultations:question", args=[self.question.pk])


class QuestionMoved(TownQuestionPage, ActPage):
    """Withdrawn with a reason, or opened again."""

    scope = "editable_by"
    form_class = ReasonForm
    move: QuestionMove = QuestionMove.WITHDRAW

    def enter(self) -> None:
        self.heading = self.button = self.here = self.move.label
        super().enter()

    def not_now(self) -> str:
        if self.move in moves.possible_moves(self.question, self.user):
            return ""
        return f"この質問は現在「{self.question.get_state_display()}」です。"

    def act(self, form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        question = moves.make_move(self.question.pk, self.move, user=self.user, reason=reason)
        return f"質問を「{question.get_state_display()}」にしました。"

    def get_success_url(self) -> str:
        return reverse("consultations:question", args=[self.question.pk])


class QuestionFile(TownQuestionPage, View):
    """The bytes of a file that the person may read with the question."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        file = files_for(self.question, self.user).filter(pk=kwargs["file"]).select_related("content").first()
        if file is None:
            raise Http404
        return download(file)
