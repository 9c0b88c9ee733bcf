"""The organisation tree."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "dxportal.core.organizations"
    verbose_name = "組織"
