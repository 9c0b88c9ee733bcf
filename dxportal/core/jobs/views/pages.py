"""The list of jobs and one job, the latter also as the fragment that refreshes itself."""

from django.urls import reverse
from django.views.generic import DetailView, ListView

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.accounts.views.mixins import RoleRequiredMixin, ScopedMixin
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job

STOP_POLLING = 286  # htmx: swap this answer in and ask no more


class JobList(RoleRequiredMixin, ScopedMixin, ListView):
    model, scope, roles = Job, "for_user", PREFECTURE_ROLES
    template_name = "jobs/list.html"
    paginate_by = 50

    def get_queryset(self):
        jobs = super().get_queryset().select_related("created_by").urgent_first()
        state = self.request.GET.get("state", "")
        return jobs.filter(state=state) if state in JobState.values else jobs

    def get_context_data(self, **kwargs):
        chosen = self.request.GET.get("state", "")
        tabs = [("すべて", reverse("jobs:list"), chosen not in JobState.values)]
        tabs += [(state.label, f"{reverse('jobs:list')}?state={state}", chosen == state) for state in JobState]
        crumbs = [("ホーム", "/"), ("処理状況", None)]
        return super().get_context_data(**kwargs, tabs=tabs, crumbs=crumbs)


class JobDetail(RoleRequiredMixin, ScopedMixin, DetailView):
    model, scope, roles = Job, "for_user", PREFECTURE_ROLES
    template_name = "jobs/detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("created_by")

    def get_template_names(self):
        return ["jobs/_progress.html" if self.request.htmx else self.template_name]

    def get_context_data(self, **kwargs):
        crumbs = [("ホーム", "/"), ("処理状況", reverse("jobs:list")), (self.object.label, None)]
        return super().get_context_data(**kwargs, crumbs=crumbs)

    def render_to_response(self, context, **kwargs):
        if self.request.htmx and not self.object.is_active:
            kwargs["status"] = STOP_POLLING
        return super().render_to_response(context, **kwargs)
