"""Whom one can sign in as in the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dxportal.core.accounts.demo import demo_accounts
from dxportal.core.accounts.models import Membership


class Command(BaseCommand):
    help = "Lists one demo account for each role."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are demo accounts in the demo only.")
        accounts = first_of_each_role()
        if not accounts:
            self.stdout.write("There are no demo accounts: run manage.py load_demo.")
            return
        width = max(len(each.user.email) for each in accounts)
        self.stdout.write("Demo accounts (choose one on the sign-in page, no password asked for):")
        for each in accounts:
            self.stdout.write(
                f"  {each.user.email:<{width}}  {each.get_role_display()}  {each.organization.name} {each.user.name}"
            )


def first_of_each_role() -> list[Membership]:
    """In the order of the roles; a person who is named already stands back for one who is not."""
    firsts: dict[str, Membership] = {}
    for each in demo_accounts():
        named = {first.user_id for role, first in firsts.items() if role != each.role}
        if each.role not in firsts or (firsts[each.role].user_id in named and each.user_id not in named):
            firsts[each.role] = each
    return list(firsts.values())
