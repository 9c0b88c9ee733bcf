"""manage.py rebuild_index"""

from django.core.management.base import BaseCommand

from casestudies.domain.search import index
from casestudies.jobs import REBUILD
from dxportal.core.jobs import domain as jobs


class Command(BaseCommand):
    help = "事例検索の索引をすべて作り直します。語の分けかたや辞書を変えたあとに使います。"

    def add_arguments(self, parser):
        parser.add_argument("--queue", action="store_true", help="ここでは行わず、ワーカーに依頼する")

    def handle(self, *args, **options):
        if options["queue"]:
            job = jobs.enqueue(REBUILD, label="事例検索の索引の作り直し", params={}, prefecture=None, key=REBUILD)
            self.stdout.write(f"依頼しました（処理 {job.pk}）。")
            return
        count = index.rebuild(progress=lambda done, total: self.stdout.write(f"{done:,} / {total:,}"))
        self.stdout.write(f"事例{count:,}件の索引を作り直しました。")
