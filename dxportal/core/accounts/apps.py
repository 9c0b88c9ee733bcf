"""People, roles and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dxportal.core.accounts"
    verbose_name = "利用者"
