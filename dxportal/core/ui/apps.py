"""Components, fields and formatting."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "dxportal.core.ui"
    label = "ui"
    verbose_name = "画面部品"
