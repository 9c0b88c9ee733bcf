"""What the prefecture does with one response: 確定, 差戻し, 延長."""

from django.urls import reverse

from assessments.domain.answering import moves as response_moves
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.surveys import moves as survey_moves
from assessments.domain.surveys.due import AFTER_END, due_of, has_ended, is_running
from assessments.enums import HANDED_IN_STATES, ResponseState
from assessments.forms.surveys import ExtendForm, ReturnForm
from assessments.models import Response
from assessments.views.surveys.base import survey_crumbs
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.ui.pages import ActPage, ScopedObject


class ResponseAct(ScopedObject, ActPage):
    """A page for one response of the person's prefecture."""

    model = Response
    scope = "for_user"
    roles = PREFECTURE_ROLES
    name = "response"
    related = ("survey", "organization")
    purpose = ""

    @property
    def heading(self) -> str:
        return f"{self.response.organization}{self.purpose}"

    def crumbs(self):
        return survey_crumbs(self.response.survey, self.heading)

    def get_success_url(self):
        return reverse("assessments:survey_detail", args=[self.response.survey_id])

    def get_context_data(self, **kwargs):
        return super().get_context_data(due=due_of(self.response), **kwargs)


class ResponseReturn(ResponseAct):
    form_class = ReturnForm
    template_name = "assessments/surveys/return.html"
    purpose = "への差戻し"

    def get_initial(self):
        return {"scope": "whole"}

    def get_form_kwargs(self):
        return {"spec": stored_questionnaire(self.response.survey.questionnaire_id).spec}

    def not_now(self):
        if has_ended(self.response):
            return AFTER_END.format(self.response.organization)
        if self.response.state in HANDED_IN_STATES:
            return ""
        state = self.response.get_state_display()
        return f"この回答票は「{state}」です。差し戻せるのは、提出済または確定の回答票です。"

    def act(self, form):
        values = {"comment": form.cleaned_data["comment"], "questions": form.questions(), "until": form.until()}
        returned = response_moves.return_to(self.response.pk, user=self.user, **values)
        day = f"{due_of(returned):%Y年%-m月%-d日}"
        return f"{returned.organization}に差し戻しました。再提出の締切は{day}です。"

    def get_context_data(self, **kwargs):
        return super().get_context_data(running=is_running(self.response), **kwargs)


class ResponseAccept(ResponseAct):
    """提出済 → 確定 of one response, after a look at what is confirmed."""

    template_name = "assessments/surveys/accept.html"
    purpose = "の回答の確定"

    def not_now(self):
        return "" if self.response.state == ResponseState.SUBMITTED else "確定できるのは、提出済の回答票です。"

    def act(self, form):
        response_moves.confirm(self.response.pk, user=self.user)
        return f"{self.response.organization}の回答を確定しました。"


class ResponseExtend(ResponseAct):
    """締切の延長 for one municipality."""

    form_class = ExtendForm
    template_name = "assessments/surveys/extend.html"
    purpose = "の締切の延長"

    def not_now(self):
        return AFTER_END.format(self.response.organization) if has_ended(self.response) else ""

    def act(self, form):
        reason = form.cleaned_data["reason"]
        survey_moves.extend(self.response.pk, until=form.until(), reason=reason, user=self.user)
        return f"{self.response.organization}の締切を延長しました。"
