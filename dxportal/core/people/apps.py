"""The register of supporters and the contact persons of organisations."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "dxportal.core.people"
    verbose_name = "支援者と担当者"
