"""Pages that join the apps."""

from django.apps import AppConfig

from consultations.enums import SUPPORTING_ROLES
from dxportal.core.accounts.enums import Role
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.ui.frame import navigation

NAVIGATION = (
    navigation.NavItem("ホーム", "portal:home", order=10),
    navigation.NavItem("ダッシュボード", "portal:dashboard", order=20),
    navigation.NavItem("カルテ", "portal:karte_list", order=30),
    navigation.NavItem("知見を探す", "portal:knowledge", order=49, family=navigation.SUPPORT),
    navigation.NavItem(
        "計画と実績",
        "portal:plan",
        roles=OFFICE_ROLES | {Role.CONSULTANT},
        order=56,
        family=navigation.SUPPORT,
    ),
    navigation.NavItem(
        "見直しの確認",
        "portal:rechecks",
        roles=SUPPORTING_ROLES | {Role.BUREAU_STAFF},
        order=57,
        family=navigation.SUPPORT,
    ),
    navigation.NavItem("支援への声", "portal:voices", order=58, family=navigation.SUPPORT),
    navigation.NavItem(
        "変更の記録",
        "portal:audit",
        roles=frozenset({Role.PREFECTURE_ADMIN}),
        order=95,
        managed="だれが、いつ、何を、どう変えたか",
    ),
)


class PortalConfig(AppConfig):
    name = "dxportal.portal"
    verbose_name = "ポータル"

    def ready(self):
        from consultations.domain.materials import parts  # noqa: PLC0415 -- needs the models
        from consultations.domain.questions import doers as asking  # noqa: PLC0415 -- needs the models
        from dxportal.portal import receivers  # noqa: PLC0415 -- needs the models
        from dxportal.portal.domain import doers, library  # noqa: PLC0415 -- needs the models
        from dxportal.portal.domain.knowledge import alike  # noqa: PLC0415 -- needs the models
        from dxportal.portal.views import recheck  # noqa: PLC0415 -- needs the models
        from dxportal.portal.views.brief import page as brief  # noqa: PLC0415 -- needs the models

        receivers.connect()
        alike.register()
        asking.register("portal.answers", doers.doers)
        parts.register("portal.brief", brief.part_of, order=10)
        library.register()
        parts.register("portal.recheck", recheck.part_of, order=20)
        navigation.register(*NAVIGATION)
