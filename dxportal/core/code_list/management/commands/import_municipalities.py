"""Reads the national code list's workbook into the organisation tree: all of it, or nothing."""

import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dxportal.core.code_list.domain import report
from dxportal.core.code_list.domain.bringing import bring_in, plan_for
from dxportal.core.code_list.domain.changes import ABOLISHED, KEPT, Plan
from dxportal.core.code_list.domain.decisions import cautious
from dxportal.core.code_list.intake.national_list import CodeList, CodeRow, read_code_list
from dxportal.core.intake.book import CellError, UnreadableBookError, read_filled_book
from dxportal.core.names import name_key
from dxportal.core.organizations.domain.matching import name_writings
from dxportal.core.ui import japanese
from dxportal.core.workflow.errors import NotPossible

YES = ("y", "yes", "はい")


class Command(BaseCommand):
    help = (
        "全国地方公共団体コードの一覧（Excel）から、都道府県と市区町村を取り込みます。"
        "団体コードの変更、市制施行、合併、廃止は、内容を示し、確認のうえ取り込みます。"
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--prefecture", default="", help="この都道府県だけを取り込む（例：和歌山県）")
        parser.add_argument("--dry-run", action="store_true", help="何も保存せず、結果だけを示す")
        parser.add_argument(
            "--yes",
            "-y",
            "--confirm",
            "--noinput",
            "--no-input",
            action="store_true",
            dest="yes",
            help="確認を求めずに、示す内容のとおり（提案を含む）取り込む",
        )
        parser.add_argument("--day", default="", help="異動の施行日（例：2026-04-01、令和8年4月1日）。初期値は今日")
        parser.add_argument(
            "--successor",
            action="append",
            default=[],
            metavar="旧コード=新コード",
            help="一覧から消えた団体の承継団体（例：222046=221007）。何度でも指定できる",
        )
        parser.add_argument(
            "--abolish",
            action="append",
            default=[],
            metavar="コード",
            help="一覧から消えた団体を、承継団体なしで廃止する",
        )
        parser.add_argument(
            "--keep", action="append", default=[], metavar="コード", help="一覧から消えた団体を、そのまま残す"
        )

    def handle(self, *args, file: Path, prefecture: str, dry_run: bool, yes: bool, day: str, **options):
        listed = self.read(file)
        if listed.errors:
            raise CommandError("\n".join(["取り込みませんでした。次の誤りがあります。", *map(line, listed.errors)]))
        for note in listed.notes:
            self.stdout.write(note)
        rows = self.narrowed(listed, prefecture)
        first_day = self.day(day)
        decisions = self.decisions(options)
        try:
            plan = plan_for(rows)
            for sentence in report.plan_lines(plan):
                self.stdout.write(sentence)
            if not (yes or dry_run or self.confirmed(plan)):
                decisions = cautious(plan) | decisions
            settled = bring_in(rows, decisions, day=first_day, digest=plan.digest, dry_run=dry_run)
        except NotPossible as refusal:
            raise CommandError("\n".join(["取り込みませんでした。", *refusal.messages])) from refusal
        for sentence in report.outcome_lines(settled, plan, skipped=listed.skipped):
            self.stdout.write(sentence)
        if dry_run:
            self.stdout.write("試行のため、何も保存していません。")

    def read(self, file: Path) -> CodeList:
        try:
            with file.open("rb") as opened:
                return read_code_list(read_filled_book(opened))
        except OSError as error:
            raise CommandError(f"ファイルを開けません：{file}") from error
        except UnreadableBookError as error:
            raise CommandError(str(error)) from error

    def narrowed(self, listed: CodeList, prefecture: str) -> list[CodeRow]:
        if not prefecture:
            return list(listed.rows)
        heads = (row for row in listed.rows if row.kind == "prefecture")
        part = next((row.code[:2] for row in heads if name_key(prefecture) in name_writings(row.name)), None)
        if part is None:
            raise CommandError(f"「{prefecture}」は一覧にありません。")
        return [row for row in listed.rows if row.code[:2] == part]

    def day(self, text: str) -> dt.date:
        try:
            return japanese.parse_date(text) if text else timezone.localdate()
        except japanese.InputError as error:
            raise CommandError(f"--day：{error}") from error

    def decisions(self, options) -> dict[str, str]:
        """Code of a vanished town → code of its successor, ABOLISHED or KEPT."""
        decisions = dict.fromkeys(options["keep"], KEPT) | dict.fromkeys(options["abolish"], ABOLISHED)
        for pair in options["successor"]:
            old, sign, new = pair.partition("=")
            if not (sign and old.strip() and new.strip()):
                raise CommandError(f"--successor は「旧コード=新コード」で指定してください。値：「{pair}」")
            decisions[old.strip()] = new.strip()
        return decisions

    def confirmed(self, plan: Plan) -> bool:
        """Asks where the plan asks. False: nobody can be asked, and all that is certain may go on without an answer."""
        if not plan.asks:
            return True
        try:
            answer = input("この内容で取り込みますか（はい／いいえ）：")
        except (EOFError, OSError) as error:
            if not plan.touches_identity:
                return False
            lines = [*report.doubts(plan), "示した内容でよければ、--yes を付けて実行してください。"]
            raise CommandError("\n".join(["確認が必要なため、取り込みませんでした。", *lines])) from error
        if answer.strip().lower() not in YES:
            raise CommandError("取り込みませんでした。")
        return True


def line(error: CellError) -> str:
    """「シート「…」 A12：…」."""
    place = f" {error.cell}" if error.cell else ""
    return f"シート「{error.sheet}」{place}：{error.message}"
