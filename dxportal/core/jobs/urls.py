"""Addresses of jobs."""

from django.urls import path

from dxportal.core.jobs.views import acts, pages

app_name = "jobs"
urlpatterns = [
    path("jobs/", pages.JobList.as_view(), name="list"),
    path("jobs/<uuid:pk>/", pages.JobDetail.as_view(), name="detail"),
    path("jobs/<uuid:pk>/retry/", acts.job_retry, name="retry"),
    path("jobs/<uuid:pk>/cancel/", acts.job_cancel, name="cancel"),
]
