"""People, roles and sign-in."""

from django.apps import AppConfig

from dxportal.core.accounts.enums import Role
from dxportal.core.ui import navigation


class AccountsConfig(AppConfig):
    name = "dxportal.core.accounts"
    verbose_name = "利用者"

    def ready(self):
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
