"""Opening, closing, reopening and extending: each with a page that names the numbers affected."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from assessments.domain.surveys import surveys
from assessments.domain.surveys.standing import counts, standings
from assessments.enums import SurveyRound, SurveyState
from assessments.forms.surveys.surveys import ReopenForm
from assessments.models import Response, Survey
from assessments.views.surveys.surveys import survey_crumbs
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.accounts.views.mixins import RoleRequiredMixin


class SurveyPage(RoleRequiredMixin):
    """A staff page of one survey: 404 for whoever doesn't see the survey, 403 for the others without the role."""

    roles = PREFECTURE_ROLES

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = Survey.objects.for_user(request.user).select_related("questionnaire", "group", "previous")
            self.survey = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class SurveyAct(SurveyPage, View):
    """A page that asks before acting on a survey, and the act. ``states``: where the act makes sense."""

    states: frozenset[str] = frozenset(SurveyState)
    template_name = ""
    heading = ""
    form_class = None

    def get(self, request, pk):
        return self.page(self.form_class() if self.form_class else None)

    def post(self, request, pk):
        form = self.form_class(request.POST) if self.form_class else None
        if form is not None and not form.is_valid():
            return self.page(form)
        try:
            message = self.act(form)
        except ValidationError as error:
            return self.refused(form, error)
        messages.success(request, message)
        return HttpResponseRedirect(reverse("assessments:survey_detail", args=[pk]))

    def refused(self, form, error):
        if form is not None:
            form.take(error)
            return self.page(form)
        messages.error(self.request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("assessments:survey_detail", args=[self.survey.pk]))

    def page(self, form):
        trail = survey_crumbs(self.survey, (self.heading, None))
        context = {"survey": self.survey, "form": form, "heading": self.heading, "crumbs": trail}
        if self.survey.state not in self.states:
            return self.not_now()
        return render(self.request, self.template_name, context | self.facts())

    def not_now(self):
        trail = survey_crumbs(self.survey, (self.heading, None))
        context = {"survey": self.survey, "heading": self.heading, "crumbs": trail}
        return render(self.request, "assessments/surveys/not_now.html", context)

    def facts(self) -> dict:
        return {}


class SurveyOpen(SurveyAct):
    template_name = "assessments/surveys/open.html"
    heading = "受付の開始"
    states = frozenset({SurveyState.DRAFT, SurveyState.OPEN})

    def facts(self):
        targets = surveys.targets(self.survey)
        outside = self.survey.group.members.exclude(pk__in=targets.values("pk")) if self.survey.group else ()
        asked = targets.exclude(responses__survey=self.survey)
        return {"asked": asked, "outside": outside, "review": self.survey.round == SurveyRound.REVIEW}

    def act(self, form):
        opening = surveys.open_survey(self.survey.pk, user=self.request.user)
        carried = f"うち{opening.carried}団体は初回の回答を写しました。" if opening.carried else ""
        began = "" if self.survey.state == SurveyState.OPEN else "受付を開始しました。"
        return f"{began}{opening.created}団体の回答票を作りました。{carried}"


class SurveyClose(SurveyAct):
    template_name = "assessments/surveys/close.html"
    heading = "締切"
    states = frozenset({SurveyState.OPEN})

    def facts(self):
        rows = standings(Response.objects.for_user(self.request.user), self.survey)
        late = [one for one in rows if not one.handed_in and one.response.extended_until]
        extended = [one for one in late if one.response.extended_until > timezone.now()]
        return {"counts": counts(rows), "open": [one for one in rows if not one.handed_in], "extended": extended}

    def act(self, form):
        surveys.close(self.survey.pk, user=self.request.user)
        return "調査を締め切りました。"


class SurveyReopen(SurveyAct):
    template_name = "assessments/surveys/reopen.html"
    heading = "受付の再開"
    states = frozenset({SurveyState.CLOSED})
    form_class = ReopenForm

    def facts(self):
        return {"open": surveys.unfinished(self.survey).count()}

    def act(self, form):
        surveys.reopen(self.survey.pk, closes_at=form.closes_at(), user=self.request.user)
        return "受付を再開しました。"
