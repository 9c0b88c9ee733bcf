"""What the prefecture does with one answer sheet: 確定, 差戻し, 延長; and 確定 of many."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View

from assessments.domain.answering import responses
from assessments.domain.questionnaires.stored import sheet_of
from assessments.domain.surveys import surveys
from assessments.domain.surveys.due import due_of, is_running
from assessments.enums import HANDED_IN_STATES, ResponseState, SurveyState
from assessments.forms.surveys.returns import ReturnForm
from assessments.forms.surveys.surveys import ExtendForm
from assessments.models import Response
from assessments.views.surveys.moves import SurveyAct
from assessments.views.surveys.surveys import survey_crumbs
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.accounts.views.mixins import RoleRequiredMixin


class ResponseAct(RoleRequiredMixin, View):
    """A page for one answer sheet of the person's prefecture (else 404)."""

    roles = PREFECTURE_ROLES

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = Response.objects.for_user(request.user).select_related("survey", "organization")
            self.response = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def back(self):
        return HttpResponseRedirect(reverse("assessments:survey_detail", args=[self.response.survey_id]))

    def crumbs(self, heading: str):
        return survey_crumbs(self.response.survey, (heading, None))


class ResponseReturn(ResponseAct):
    def get(self, request, pk):
        return self.page(self.form(initial={"scope": "whole"}))

    def post(self, request, pk):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        what = {"comment": form.cleaned_data["comment"], "questions": form.questions(), "until": form.until()}
        try:
            returned = responses.return_to(pk, user=request.user, **what)
        except ValidationError as error:
            form.take(error)
            return self.page(form)
        until = due_of(returned)
        messages.success(
            request, f"{returned.organization}に差し戻しました。再提出の締切は{until:%Y年%-m月%-d日}です。"
        )
        return self.back()

    def form(self, *args, **kwargs):
        return ReturnForm(*args, spec=sheet_of(self.response.survey.questionnaire_id).spec, **kwargs)

    def page(self, form):
        heading = f"{self.response.organization}への差戻し"
        context = {
            "response": self.response,
            "form": form,
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "due": due_of(self.response),
            "possible": self.response.state in HANDED_IN_STATES,
            "running": is_running(self.response),
        }
        return render(self.request, "assessments/surveys/return.html", context)


class ResponseAccept(ResponseAct):
    """提出済 → 確定 of one sheet, after a look at what is confirmed."""

    def get(self, request, pk):
        heading = f"{self.response.organization}の回答の確定"
        context = {"response": self.response, "heading": heading, "crumbs": self.crumbs(heading)}
        context["possible"] = self.response.state == ResponseState.SUBMITTED
        return render(request, "assessments/surveys/accept.html", context)

    def post(self, request, pk):
        try:
            responses.confirm(pk, user=request.user)
            messages.success(request, f"{self.response.organization}の回答を確定しました。")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.back()


class ResponseExtend(ResponseAct):
    """締切の延長 for one municipality."""

    def get(self, request, pk):
        return self.page(ExtendForm())

    def post(self, request, pk):
        form = ExtendForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            surveys.extend(pk, until=form.until(), reason=form.cleaned_data["reason"], user=request.user)
        except ValidationError as error:
            form.take(error)
            return self.page(form)
        messages.success(request, f"{self.response.organization}の締切を延長しました。")
        return self.back()

    def page(self, form):
        heading = f"{self.response.organization}の締切の延長"
        context = {"response": self.response, "due": due_of(self.response), "form": form, "heading": heading}
        return render(self.request, "assessments/surveys/extend.html", context | {"crumbs": self.crumbs(heading)})


class ConfirmAll(SurveyAct):
    """Confirms the submitted sheets that the page named; one handed in meanwhile waits for its own look."""

    template_name = "assessments/surveys/confirm_all.html"
    heading = "まとめて確定"
    states = frozenset({SurveyState.OPEN, SurveyState.CLOSED})

    def submitted(self):
        rows = Response.objects.for_user(self.request.user).filter(survey=self.survey, state=ResponseState.SUBMITTED)
        return rows.select_related("organization")

    def facts(self):
        return {"responses": self.submitted()}

    def act(self, form):
        wanted = [int(pk) for pk in self.request.POST.getlist("response") if pk.isascii() and pk.isdecimal()]
        done, failed = 0, []
        for response in self.submitted().filter(pk__in=wanted):
            try:
                responses.confirm(response.pk, user=self.request.user)
                done += 1
            except ValidationError:
                failed.append(response.organization.name)
        if failed:
            messages.warning(self.request, f"状態が変わっていたため確定しなかった団体：{'、'.join(failed)}")
        return f"{done}団体の回答を確定しました。"
