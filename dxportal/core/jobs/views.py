"""The list of jobs; one job, also as the fragment that refreshes itself; starting it again, taking it out of the queue."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.jobs import domain
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job
from dxportal.core.ui.pages import ActPage, AddressForm, Crumbs, ListPage, ScopedObject, crumbs

STOP_POLLING = 286  # htmx: swap this answer in and ask no more
HERE = ("処理状況", "jobs:list")


class JobFilter(AddressForm):
    state = forms.ChoiceField(choices=[("", "すべて"), *JobState.choices])


class JobList(ListPage):
    model = Job
    scope = "for_user"
    roles = PREFECTURE_ROLES
    related = ("created_by",)
    address_class = JobFilter
    heading = "処理状況"
    template_name = "jobs/list.html"

    def filtered(self, rows: Any) -> Any:
        rows = rows.urgent_first()
        return rows.filter(state=self.filters.state) if self.filters.state else rows

    def crumbs(self) -> Crumbs:
        return crumbs("処理状況")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.filters.state
        tabs = [("すべて", reverse("jobs:list"), not chosen)]
        tabs += [(state.label, f"{reverse('jobs:list')}?state={state}", chosen == state) for state in JobState]
        return super().get_context_data(tabs=tabs, **kwargs)


class JobPage(ScopedObject):
    model = Job
    scope = "for_user"
    name = "job"
    related = ("created_by",)
    roles = PREFECTURE_ROLES
    roles_first = True
    job: Job


class JobDetail(JobPage, TemplateView):
    template_name = "jobs/detail.html"
    request: Any

    def get_template_names(self) -> list[str]:
        return ["jobs/_progress.html"] if self.request.htmx else ["jobs/detail.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=crumbs(HERE, self.job.label), **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.request.htmx and not self.job.is_active:
            kwargs["status"] = STOP_POLLING
        return super().render_to_response(context, **kwargs)


class JobAct(JobPage, ActPage):
    """A button on the job's page."""

    scope = "editable_by"
    post_only = True

    def get_success_url(self) -> str:
        return reverse("jobs:detail", args=[self.job.pk])


class JobRetry(JobAct):
    def act(self, form: None) -> str:
        domain.retry(self.job.pk, user=self.user)
        return "もう一度実行するよう受け付けました。"


class JobCancel(JobAct):
    def act(self, form: None) -> str:
        domain.cancel(self.job.pk, user=self.user)
        return "処理を取り消しました。データは変わっていません。"
