"""The project as an app: its checks and commands."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "dxportal"
    verbose_name = "dxportal"

    def ready(self) -> None:
        from dxportal import checks  # noqa: F401, PLC0415 -- registers the checks once apps are there
