"""The first prefecture admin of an installation: nobody is there yet to invite them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from dxportal.core.accounts.domain import invitations
from dxportal.core.names import name_key
from dxportal.core.organizations.domain.matching import name_writings
from dxportal.core.organizations.models import Organization
from dxportal.core.unseen import unseen


class Command(BaseCommand):
    help = "都道府県の県管理者を招待し、登録のためのリンクを表示してメールで送ります。"

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--prefecture", required=True, help="都道府県名（例：和歌山県）")
        parser.add_argument("--name", required=True, help="氏名")

    def handle(self, *args, email: str, prefecture: str, name: str, **options):
        heads = Organization.objects.prefectures().order_by("pk")
        place = next((head for head in heads if name_key(prefecture) in name_writings(head.name)), None)
        if place is None:
            raise CommandError(f"「{prefecture}」がありません。先に import_municipalities で取り込んでください。")
        if sentence := unseen(name):
            raise CommandError(sentence)
        try:
            validate_email(email)
            link = invitations.invite_admin(place, email=email.lower(), name=name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except invitations.NotSentError as error:
            raise CommandError(
                "招待は登録しましたが、メールを送れませんでした。EMAIL_URLを確かめてください。"
            ) from error
        self.stdout.write(f"{settings.INVITATION_DAYS}日以内に開いてください：{link}")
