"""manage.py load_demo"""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from dxportal.core.organizations.models import Organization
from dxportal.portal.demo import actions, contacts, exchange, report, results, sessions, support, surveys, world

QUESTIONNAIRES = ("dx-maturity-2023", "dx-maturity-2024", "dx-maturity-2026", "saitama-initiatives-2022")


class Command(BaseCommand):
    help = "体験用のデータを一度だけ読み込みます。途中で失敗したときは何も残しません。"

    @transaction.atomic
    def handle(self, *args, **options):
        call_command("load_cases", stdout=self.stdout)
        stored = Organization.objects.filter(kind="prefecture", name="みほん県").first()
        if stored:
            added = [
                support.load(stored),
                contacts.load(stored),
                sessions.load(stored),
                sessions.load_group_meetings(),
                report.load(stored),
                exchange.load(stored),
            ]
            self.stdout.write(
                "新しい体験用のデータを加えました。" if any(added) else "体験用のデータは読込み済みです。"
            )
            return
        for name in QUESTIONNAIRES:
            path = settings.BASE_DIR / "fixtures" / "questionnaires" / f"{name}.yaml"
            call_command("load_questionnaire", path, publish=True, stdout=self.stdout)
        call_command("load_schemes", stdout=self.stdout)
        prefecture = world.load_mihon()
        published = results.miyagi_rows()
        miyagi = world.load_miyagi(rows=len(published))
        group = world.load_saitama()
        world.load_people()
        years = surveys.load_years(prefecture)
        surveys.load_matrix(group)
        results.decide(years)
        results.load_miyagi(miyagi, published)
        support.load(prefecture)
        contacts.load(prefecture)
        results.compute_pages([prefecture, miyagi, group.prefecture])
        actions.load(prefecture)
        sessions.load(prefecture)
        sessions.load_group_meetings()
        report.load(prefecture)
        exchange.load(prefecture)
        self.stdout.write("体験用のデータを読み込みました。")
