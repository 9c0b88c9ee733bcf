"""The case-study library: cases, search, recommendation."""

from django.apps import AppConfig

from dxportal.core.ui.frame import navigation


class CaseStudiesConfig(AppConfig):
    name = "casestudies"
    verbose_name = "事例"

    def ready(self):
        from casestudies import receivers  # noqa: PLC0415 -- models are loaded only now

        receivers.connect()
        navigation.register(navigation.NavItem("事例", "casestudies:search", order=40))
