"""The organisation tree."""

from django.apps import AppConfig

from dxportal.core.history import trail
from dxportal.core.ui.frame import navigation


class OrganizationsConfig(AppConfig):
    name = "dxportal.core.organizations"
    verbose_name = "組織"

    def ready(self):
        from dxportal.core.organizations.domain.chains import mark_ended  # noqa: PLC0415 -- models are loaded only now

        trail.say_marks(mark_ended)
        roles = frozenset({"prefecture_admin", "prefecture_staff", "bureau_staff"})
        navigation.register(
            navigation.NavItem(
                "組織",
                "organizations:list",
                roles=roles,
                order=85,
                paths=("/groups/",),
                managed="振興局と市町村、年度ごとの人口と職員数、広域グループ",
            )
        )
