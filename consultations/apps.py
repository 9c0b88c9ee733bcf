"""よろず相談: sessions of consultants with municipalities, and what was promised there."""

from django.apps import AppConfig

from dxportal.core.ui.frame import navigation


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "よろず相談"

    def ready(self):
        from consultations import receivers  # noqa: PLC0415 -- models are loaded only now
        from consultations.domain.actions import handover  # noqa: PLC0415 -- models are loaded only now

        receivers.connect()
        handover.register()
        navigation.register(
            navigation.NavItem("相談", "consultations:sessions", order=45, family=navigation.SUPPORT),
            navigation.NavItem("論点", "consultations:topics", order=46, family=navigation.SUPPORT),
            navigation.NavItem("アクション", "consultations:actions", order=48, family=navigation.SUPPORT),
            navigation.NavItem("質問", "consultations:questions", order=47, family=navigation.SUPPORT),
            navigation.NavItem("ひな形・手引き", "consultations:shelf", order=55, family=navigation.SUPPORT),
            navigation.NavItem("製品・契約", "consultations:products", order=54, family=navigation.SUPPORT),
            navigation.NavItem("統計", "consultations:statistics", order=58, family=navigation.SUPPORT),
        )
