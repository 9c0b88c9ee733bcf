"""Components, fields and formatting."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from dxportal.core.ui import folded
from dxportal.core.ui.frame.session import touch_at_sign_in


class UiConfig(AppConfig):
    name = "dxportal.core.ui"
    label = "ui"
    verbose_name = "画面部品"

    def ready(self) -> None:
        folded.register()
        user_logged_in.connect(touch_at_sign_in, dispatch_uid="ui.touch_at_sign_in")
