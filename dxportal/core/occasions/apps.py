"""One dated meeting of bodies, whatever it is; its calendar."""

from django.apps import AppConfig

from dxportal.core.ui.frame import navigation


class OccasionsConfig(AppConfig):
    name = "dxportal.core.occasions"
    verbose_name = "会合"

    def ready(self):
        navigation.register(
            navigation.NavItem(
                "カレンダー",
                "occasions:calendar",
                order=47,
                paths=("/occasions/", "/occasion-kinds/", "/busy-periods/"),
                family=navigation.SUPPORT,
            )
        )
