"""The yearly national list of prefectures and municipalities: its file, its page and its command."""

from django.apps import AppConfig


class CodeListConfig(AppConfig):
    name = "dxportal.core.code_list"
    verbose_name = "団体コード一覧"
