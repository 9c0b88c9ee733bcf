"""One dated meeting of bodies, whatever it is; its calendar."""

from django.apps import AppConfig


class OccasionsConfig(AppConfig):
    name = "dxportal.core.occasions"
    verbose_name = "会合"
