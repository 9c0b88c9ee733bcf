"""Index rows of all released topics anew: after a change of the analysis or of its dictionary."""

from django.core.management.base import BaseCommand

from consultations.domain.topics import index


class Command(BaseCommand):
    help = "公開中の論点の検索の索引を作り直します。"

    def handle(self, *args, **options):
        self.stdout.write(f"論点{index.rebuild():,}件の索引を作り直しました。")
