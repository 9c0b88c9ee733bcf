"""Opening, closing, reopening, confirming many: each with a page that names the numbers affected."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.domain.answering import moves as response_moves
from assessments.domain.surveys import moves as survey_moves
from assessments.domain.surveys.submissions import counts, submissions
from assessments.enums import ResponseState, SurveyRound, SurveyState
from assessments.forms.surveys import ConfirmAllForm, ReopenForm
from assessments.models import Response
from assessments.views.surveys.base import SurveyAct


class SurveyOpen(SurveyAct):
    template_name = "assessments/surveys/open.html"
    heading = "受付の開始"
    states = frozenset({SurveyState.DRAFT, SurveyState.OPEN})

    def get_context_data(self, **kwargs):
        targets = survey_moves.targets(self.survey)
        group = self.survey.group
        context = {
            "newcomers": survey_moves.missing(self.survey),
            "outside": group.members.living(timezone.localdate()).exclude(pk__in=targets.values("pk")) if group else (),
            "review": self.survey.round == SurveyRound.REVIEW,
        }
        return super().get_context_data(**context, **kwargs)

    def act(self, form):
        opening = survey_moves.open_survey(self.survey.pk, user=self.user)
        carried = f"うち{opening.carried}団体は初回の回答を写しました。" if opening.carried else ""
        began = "" if self.survey.state == SurveyState.OPEN else "受付を開始しました。"
        return f"{began}{opening.created}団体の回答票を作りました。{carried}"


class SurveyClose(SurveyAct):
    template_name = "assessments/surveys/close.html"
    heading = "調査を締め切る"
    states = frozenset({SurveyState.OPEN})

    def get_context_data(self, **kwargs):
        rows = submissions(Response.objects.for_user(self.user), self.survey)
        waiting = [row for row in rows if not row.handed_in]
        now = timezone.now()
        extended = [row for row in waiting if row.response.extended_until and row.response.extended_until > now]
        return super().get_context_data(counts=counts(rows), waiting=waiting, extended=extended, **kwargs)

    def act(self, form):
        survey_moves.close(self.survey.pk, user=self.user)
        return "調査を締め切りました。"


class SurveyReopen(SurveyAct):
    template_name = "assessments/surveys/reopen.html"
    heading = "受付の再開"
    states = frozenset({SurveyState.CLOSED})
    form_class = ReopenForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(unfinished=survey_moves.unfinished(self.survey).count(), **kwargs)

    def act(self, form):
        survey_moves.reopen(self.survey.pk, closes_at=form.closes_at(), user=self.user)
        return "受付を再開しました。"


class ConfirmAll(SurveyAct):
    """Confirms the submitted responses that the page named; one handed in meanwhile waits for its own look."""

    template_name = "assessments/surveys/confirm_all.html"
    heading = "まとめて確定"
    states = frozenset({SurveyState.OPEN, SurveyState.CLOSED})
    form_class = ConfirmAllForm

    def submitted(self):
        rows = Response.objects.for_user(self.user).filter(survey=self.survey, state=ResponseState.SUBMITTED)
        return rows.select_related("organization")

    def get_form_kwargs(self):
        return {"submitted": self.submitted()}

    def act(self, form):
        done = 0
        failed = []
        for response in form.chosen():
            try:
                response_moves.confirm(response.pk, user=self.user)
                done += 1
            except ValidationError:
                failed.append(response.organization.name)
        if failed:
            messages.warning(self.request, f"状態が変わっていたため確定しなかった団体：{'、'.join(failed)}")
        return f"{done}団体の回答を確定しました。"
