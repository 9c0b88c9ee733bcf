"""Components, fields and formatting."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "dxportal.core.ui"
    verbose_name = "画面部品"
