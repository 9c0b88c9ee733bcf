"""For someone who lost both the telephone and the recovery codes; check first who is asking."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from dxportal.core.accounts.models import User


class Command(BaseCommand):
    help = "利用者の2段階認証を解除します。県管理者は、次のログインで設定し直します。"

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email: str, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"「{email}」の利用者はいません。")
        removed, _ = Authenticator.objects.filter(user=user).delete()
        self.stdout.write("2段階認証を解除しました。" if removed else "2段階認証は設定されていませんでした。")
