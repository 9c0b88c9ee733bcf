"""People, roles and sign-in."""

from django.apps import AppConfig

from dxportal.core.accounts.enums import Role
from dxportal.core.history import actors
from dxportal.core.ui.frame import navigation


class AccountsConfig(AppConfig):
    name = "dxportal.core.accounts"
    verbose_name = "利用者"

    def ready(self):
        from dxportal.core.accounts.domain import trail  # noqa: PLC0415 -- models are loaded only now

        actors.register("user", trail.user_names)
        actors.register("membership", trail.acting_names)
        readers = frozenset(Role) - {Role.CONSULTANT}
        navigation.register(
            navigation.NavItem(
                "利用者",
                "accounts:member_list",
                roles=readers,
                order=80,
                paths=("/invitations/",),
                managed="誰がどの役割で使えるか。招待、期限、年度末の見直し",
            )
        )
