"""The register of supporters and the contact persons of organisations."""

from django.apps import AppConfig

from dxportal.core.ui.frame import navigation


class PeopleConfig(AppConfig):
    name = "dxportal.core.people"
    verbose_name = "支援者と担当者"

    def ready(self):
        from dxportal.core.people.domain import handover  # noqa: PLC0415 -- models are loaded only now

        handover.register()
        navigation.register(
            navigation.NavItem(
                "支援者",
                "people:supporters",
                order=76,
                managed="総合プロデューサーや伴走コンシェルジュなど、県の支援チームの名簿と期間",
            ),
            navigation.NavItem("担当者", "people:contacts", order=77, managed="市町村の連絡先。課、役割、期間"),
        )
