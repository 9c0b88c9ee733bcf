"""Long work with progress and outcome."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "dxportal.core.jobs"
    verbose_name = "処理"
