"""Reads the national code list's workbook into the organisation tree: all of it, or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dxportal.core.intake.book import CellError, UnreadableBookError, read_book
from dxportal.core.organizations.domain.municipalities import ImportOutcome, bring_in
from dxportal.core.organizations.intake.code_list import CodeList, CodeRow, read_code_list
from dxportal.core.workflow.errors import NotPossible


class Command(BaseCommand):
    help = "全国地方公共団体コードの一覧（Excel）から、都道府県と市区町村を取り込みます。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--prefecture", default="", help="この都道府県だけを取り込む（例：和歌山県）")
        parser.add_argument("--dry-run", action="store_true", help="何も保存せず、結果だけを示す")

    def handle(self, *args, file: Path, prefecture: str, dry_run: bool, **options):
        listed = self.read(file)
        if listed.errors:
            raise CommandError("\n".join(["取り込みませんでした。次の誤りがあります。", *map(line, listed.errors)]))
        rows = self.narrowed(listed, prefecture)
        try:
            outcome = bring_in(rows, dry_run=dry_run)
        except NotPossible as refusal:
            raise CommandError("\n".join(["取り込みませんでした。", *refusal.messages])) from refusal
        self.report(outcome, listed.skipped, dry_run=dry_run)

    def read(self, file: Path) -> CodeList:
        try:
            with file.open("rb") as opened:
                return read_code_list(read_book(opened))
        except OSError as error:
            raise CommandError(f"ファイルを開けません：{file}") from error
        except UnreadableBookError as error:
            raise CommandError(str(error)) from error

    def narrowed(self, listed: CodeList, prefecture: str) -> list[CodeRow]:
        if not prefecture:
            return list(listed.rows)
        part = next((row.code[:2] for row in listed.rows if row.kind == "prefecture" and row.name == prefecture), None)
        if part is None:
            raise CommandError(f"「{prefecture}」は一覧にありません。")
        return [row for row in listed.rows if row.code[:2] == part]

    def report(self, outcome: ImportOutcome, skipped: int, *, dry_run: bool) -> None:
        for word, names in (("追加", outcome.created), ("変更", outcome.updated), ("一覧にない", outcome.vanished)):
            for name in names:
                self.stdout.write(f"{word}：{name}")
        counts = f"追加{len(outcome.created)}、変更{len(outcome.updated)}、変更なし{outcome.unchanged}"
        left = f"、一覧にない{len(outcome.vanished)}（そのまま残しました）" if outcome.vanished else ""
        aside = f"、対象外{skipped}" if skipped else ""
        self.stdout.write(self.style.SUCCESS(f"{counts}{left}{aside}"))
        if dry_run:
            self.stdout.write("試行のため、何も保存していません。")


def line(error: CellError) -> str:
    """「シート「…」 A12：…」."""
    place = f" {error.cell}" if error.cell else ""
    return f"シート「{error.sheet}」{place}：{error.message}"
