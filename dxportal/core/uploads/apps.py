"""Files on their way from the box to the written rows."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "dxportal.core.uploads"
    verbose_name = "ファイルの取込み"
