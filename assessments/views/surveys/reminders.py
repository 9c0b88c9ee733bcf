"""督促: the form with its preview, and the log of what was sent."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView

from assessments.domain.surveys import reminders
from assessments.domain.surveys.standing import standings
from assessments.enums import SurveyState
from assessments.forms.surveys.reminders import ReminderForm
from assessments.models import Reminder, Response
from assessments.views.surveys.moves import SurveyAct, SurveyPage
from assessments.views.surveys.surveys import survey_crumbs

STOPPED_AFTER = dt.timedelta(minutes=10)


class Remind(SurveyAct):
    """「確認する」 shows every mail as it would go out and writes nothing; 「送信する」 sends what was shown."""

    heading = "督促メールの作成"
    states = frozenset({SurveyState.OPEN, SurveyState.CLOSED})

    def get(self, request, pk):
        return self.show(self.form()) if self.survey.state in self.states else self.not_now()

    def post(self, request, pk):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        made = self.letters(form)
        if request.POST.get("act") != "send":
            return self.show(form, made)
        try:
            self.send(form, made)
        except ValidationError as error:
            form.take(error)
            return self.show(form)
        return HttpResponseRedirect(reverse("assessments:reminder_log", args=[pk]))

    def send(self, form, made):
        queued = reminders.send(self.survey, made, batch=form.cleaned_data["batch"], user=self.request.user)
        if queued:
            messages.success(self.request, f"{queued}団体への督促メールの送信を受け付けました。")
        else:
            messages.info(self.request, "この督促メールは送信済みです。二重には送っていません。")

    def form(self, *args):
        rows = standings(Response.objects.for_user(self.request.user), self.survey)
        self.rows = [one for one in rows if not one.handed_in]
        self.people = reminders.reachable(self.rows)
        return ReminderForm(*args, standings=self.rows, reachable=self.people)

    def letters(self, form):
        chosen = set(form.cleaned_data["responses"])
        rows = [one for one in self.rows if str(one.response.pk) in chosen]
        addresses = {one.response.pk: self.address(one.response) for one in rows}
        texts = {name: form.cleaned_data[name] for name in ("subject", "body")}
        return reminders.letters(self.survey, rows, addresses=addresses, **texts)

    def address(self, response):
        return self.request.build_absolute_uri(reverse("assessments:response_detail", args=[response.pk]))

    def show(self, form, made=()):
        unreachable = [one for one in self.rows if one.response.organization_id not in self.people]
        heading = "督促メールの確認" if made else self.heading
        context = {"survey": self.survey, "form": form, "letters": made, "unreachable": unreachable, "heading": heading}
        context |= {"crumbs": survey_crumbs(self.survey, (heading, None)), "waiting": len(self.rows)}
        return render(self.request, "assessments/surveys/remind.html", context | {"shown": shown(form) if made else ()})


def shown(form) -> list[tuple[str, str]]:
    """What the preview shows, as the hidden fields of its own form: that is sent, whatever is typed below since."""
    values = form.cleaned_data
    fixed = [(name, str(values[name])) for name in ("batch", "subject", "body")]
    return fixed + [("responses", one) for one in values["responses"]]


class ReminderLog(SurveyPage, ListView):
    """What was sent to whom, with its delivery or error."""

    paginate_by = 100
    template_name = "assessments/surveys/reminder_log.html"

    def get_queryset(self):
        rows = Reminder.objects.filter(response__in=Response.objects.for_user(self.request.user))
        return rows.filter(response__survey=self.survey).select_related("response__organization", "sent_by")

    def get_context_data(self, **kwargs):
        context = {"survey": self.survey, "crumbs": survey_crumbs(self.survey, ("督促の送信記録", None))}
        return super().get_context_data(**kwargs) | context | {"doubtful_before": timezone.now() - STOPPED_AFTER}
