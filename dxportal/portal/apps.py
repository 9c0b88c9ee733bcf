"""Pages that join the apps."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dxportal.portal"
    verbose_name = "ポータル"
