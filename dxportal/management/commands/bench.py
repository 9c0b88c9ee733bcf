"""manage.py bench [--fresh] [--sessions | --reduced]"""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bench import database


class Command(BaseCommand):
    help = "全国規模の作りものデータで速さを測り、bench.json と表を書きます（専用のデータベースを使います）。"

    def add_arguments(self, parser):
        parser.add_argument("--fresh", action="store_true", help="専用のデータベースを作り直します")
        parser.add_argument("--sessions", action="store_true", help="よろず相談だけを測ります")
        parser.add_argument("--reduced", action="store_true", help="よろず相談だけを、少ないデータで試します")

    def handle(self, *args, **options):
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "bench"]
        names = [database.NAME, database.LARGE, database.MEETINGS]
        if options["sessions"] or options["reduced"]:
            names = [database.REDUCED if options["reduced"] else database.MEETINGS]
            command = [sys.executable, "-m", "bench.sessions", str(settings.BASE_DIR)]
            environment |= {"BENCH_DATABASE": names[0], "BENCH_REDUCED": "1" if options["reduced"] else ""}
        for name in names:
            database.create(name, fresh=options["fresh"])
        done = subprocess.run(command, env=environment, check=False)  # noqa: S603 -- our own
        if done.returncode:
            raise CommandError("計測は途中で終わりました。上の表示を見てください。")
