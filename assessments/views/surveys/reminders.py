"""督促: the mails as they would go out, sending them, and what was sent."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from assessments.domain.surveys import reminders
from assessments.domain.surveys.submissions import submissions
from assessments.enums import SurveyState
from assessments.forms.surveys import ReminderForm
from assessments.models import Reminder, Response
from assessments.views.surveys.base import SurveyAct, SurveyStaffPage, survey_crumbs
from dxportal.core.links import absolute
from dxportal.core.ui.pages import ListPage

STOPPED_AFTER = dt.timedelta(minutes=10)


class Remind(SurveyAct):
    """「確認する」 shows every mail as it would go out and writes nothing; 「送信する」 sends what was shown."""

    heading = "督促メールの作成"
    states = frozenset({SurveyState.OPEN, SurveyState.CLOSED})
    form_class = ReminderForm
    template_name = "assessments/surveys/remind.html"

    def get_form_kwargs(self):
        rows = submissions(Response.objects.for_user(self.user), self.survey)
        self.rows = [row for row in rows if not row.handed_in]
        self.people = reminders.reachable(self.rows)
        return {"submissions": self.rows, "reachable": self.people}

    def act(self, form):
        letters = self.letters(form)
        if self.request.POST.get("act") != "send":
            heading = "督促メールの確認"
            trail = survey_crumbs(self.survey, heading)
            return self.ask(form, letters=letters, shown=shown(form), heading=heading, crumbs=trail)
        queued = reminders.send(self.survey, letters, batch=form.cleaned_data["batch"], user=self.user)
        if queued:
            return f"{queued}団体への督促メールの送信を受け付けました。"
        messages.info(self.request, "この督促メールは送信済みです。二重には送っていません。")
        return redirect(self.get_success_url())

    def letters(self, form):
        chosen = set(form.cleaned_data["responses"])
        rows = [row for row in self.rows if str(row.response.pk) in chosen]
        addresses = {row.response.pk: self.address_of(row.response) for row in rows}
        texts = {name: form.cleaned_data[name] for name in ("subject", "body")}
        return reminders.letters(self.survey, rows, addresses=addresses, **texts)

    def address_of(self, response):
        return absolute(reverse("assessments:response_detail", args=[response.pk]))

    def get_success_url(self):
        return reverse("assessments:reminder_log", args=[self.survey.pk])

    def get_back_url(self):
        return reverse("assessments:survey_detail", args=[self.survey.pk])

    def get_context_data(self, **kwargs):
        unreachable = [row for row in self.rows if row.response.organization_id not in self.people]
        return super().get_context_data(unreachable=unreachable, waiting=len(self.rows), **kwargs)


def shown(form) -> list[tuple[str, str]]:
    """What the preview shows, as the hidden fields of its own form: that is sent, whatever is typed below since."""
    values = form.cleaned_data
    fixed = [(name, str(values[name])) for name in ("batch", "subject", "body")]
    return fixed + [("responses", pk) for pk in values["responses"]]


class ReminderLog(SurveyStaffPage, ListPage):
    """What was sent to whom, with its delivery or error."""

    per_page = 100
    template_name = "assessments/surveys/reminder_log.html"
    heading = "督促の送信記録"

    def all_rows(self):
        rows = Reminder.objects.filter(response__in=Response.objects.for_user(self.user))
        return rows.filter(response__survey=self.survey).select_related("response__organization", "sent_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(doubtful_before=timezone.now() - STOPPED_AFTER, **kwargs)
