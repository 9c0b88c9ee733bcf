"""manage.py bench [--fresh]"""

import os
import subprocess
import sys

from django.core.management.base import BaseCommand, CommandError

from bench import database


class Command(BaseCommand):
    help = "全国規模の作りものデータで速さを測り、bench.json と表を書きます（専用のデータベースを使います）。"

    def add_arguments(self, parser):
        parser.add_argument("--fresh", action="store_true", help="専用のデータベースを作り直します")

    def handle(self, *args, **options):
        for name in (database.NAME, database.LARGE):
            database.create(name, fresh=options["fresh"])
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}
        done = subprocess.run([sys.executable, "-m", "bench"], env=environment, check=False)
        if done.returncode:
            raise CommandError("計測は途中で終わりました。上の表示を見てください。")
