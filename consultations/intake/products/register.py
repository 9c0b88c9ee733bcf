"""The register of products from a workbook or CSV: every problem at its cell, and what would change. Writes nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from django.utils import timezone

from consultations.domain.products import lines, write
from consultations.domain.products.register import CHANGED, NEW, UNCHANGED, ProductEntry, as_json
from consultations.domain.products.write import ProductFacts
from consultations.enums import ProductSharing
from consultations.forms.products import ProductForm
from consultations.intake.products.sheets import (
    COLUMNS,
    FLAGS,
    HEADER,
    NUMBER,
    SPELLINGS,
    TITLE,
    TOWN,
    as_text,
    cells,
    word,
)
from consultations.models import ProductContract
from dxportal.core.accounts.models import User
from dxportal.core.intake.book import Book, Cell, CellError, Limits, Record, Table, find_table, run_checks
from dxportal.core.kana import even_width
from dxportal.core.organizations.domain.matching import PlaceMatcher
from dxportal.core.organizations.domain.places import known_places
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.spelling import by_spelling, word_key

UPLOAD_KIND = "consultations.products"
MOST = 1000
LIMITS = Limits(rows=MOST + 200, columns=60, sheets=12)
SAYS_YES = {"はい", "○", "〇", "◯", "有", "可", "1", "true", "yes"}
SAYS_NO = {"", "いいえ", "×", "✕", "無", "不可", "0", "false", "no"}
SHARING = by_spelling(ProductSharing.choices)


def preview_of(book: Book, *, user: User) -> dict[str, Any]:
    """``problems`` (cell errors); ``counts`` by kind; ``entries`` that change something; ``rows`` to be written; ``notes``."""
    table = find_table(book, SPELLINGS, TITLE, numbers=("年額（円）",))
    entries: list[ProductEntry] = []

    def check_rows(_: Book) -> list[CellError]:
        reader = ProductReader(table, user)
        entries.extend(entry for record in table.records if (entry := reader.entry(record)))
        return reader.errors

    errors = run_checks(
        book,
        [partial(check_headings, table), partial(check_count, table)],
        [partial(check_cells, table), partial(check_numbers, table), check_rows],
    )
    changing = [] if errors else [entry for entry in entries if entry.kind != UNCHANGED]
    return {
        "problems": [asdict(error) for error in errors],
        "counts": {kind: sum(entry.kind == kind for entry in entries) for kind in (NEW, CHANGED, UNCHANGED)},
        "entries": [
            {"kind": entry.kind, "town": entry.town, "name": name_of(entry.facts), "differences": entry.differences}
            for entry in changing
        ],
        "rows": [
            {
                "kind": entry.kind,
                "organization": entry.organization,
                "pk": entry.pk,
                "revision": entry.revision,
                "facts": as_json(entry.facts),
            }
            for entry in changing
        ],
        "notes": list(table.notes),
    }


def name_of(facts: ProductFacts) -> str:
    return f"{facts.product}（{facts.task}）"


def check_headings(table: Table, _: Book) -> Iterator[CellError]:
    for heading in table.missing:
        message = f"見出し「{heading}」がありません。様式か、書き出した一覧を使ってください。"
        yield CellError(table.sheet.title, table.row or 1, "A", "heading_missing", message)
    yield from table.contradictions()


def check_count(table: Table, _: Book) -> Iterator[CellError]:
    """There are 1 to 1,000 rows."""
    count = len(table.records)
    if table.row and not count:
        message = f"{table.row + 1}行目から、製品を1行に1件ずつ入力してください。"
        yield CellError(table.sheet.title, table.row + 1, "A", "empty", message)
    if count > MOST:
        message = f"一度に取り込めるのは{MOST:,}行までです（このファイルは{count:,}行）。分けて取り込んでください。"
        yield CellError(table.sheet.title, next(iter(table.records[MOST].values())).row, "A", "too_many", message)


def check_cells(table: Table, _: Book) -> Iterator[CellError]:
    """Nothing stands in a cell that can't be taken as it is: formulas without result, errors, percentages."""
    yield from table.problems()


def check_numbers(table: Table, _: Book) -> Iterator[CellError]:
    """No number comes twice."""
    counts = Counter(record[NUMBER].text for record in table.records if record[NUMBER].text)
    first: dict[str, int] = {}
    for record in table.records:
        cell = record[NUMBER]
        if counts[cell.text] > 1 and cell.text in first:
            message = f"同じ番号が{first[cell.text]}行目にもあります。新しい行なら空欄にしてください。"
            yield CellError(table.sheet.title, cell.row, cell.column, "number_twice", message)
        first.setdefault(cell.text, cell.row)


class ProductReader:
    """Turns records into entries and collects what is wrong."""

    def __init__(self, table: Table, user: User):
        self.title = table.sheet.title
        self.errors: list[CellError] = []
        self.today = timezone.localdate()
        self.towns = {town.pk: town for town in write.towns_for(user).select_related("prefecture")}
        self.matcher = PlaceMatcher(known_places(self.towns.values()), "自分が登録できる団体")
        numbers = [int(text) for record in table.records if (text := number_in(record))]
        visible = ProductContract.objects.for_user(user).filter(pk__in=numbers).select_related("organization")
        self.stored = {str(contract.pk): contract for contract in visible}
        editable = ProductContract.objects.editable_by(user).filter(pk__in=numbers)
        self.editable = {str(pk) for pk in editable.values_list("pk", flat=True)}
        own = ProductContract.objects.filter(organization__in=list(self.towns))
        # Which row has which name in its town, as it would be after the file; a row of the file takes its own away.
        self.names = {key_of(row.organization_id, write.facts_of(row)): str(row.pk) for row in own}

    def refuse(self, cell: Cell, code: str, message: str) -> None:
        self.errors.append(CellError(self.title, cell.row, cell.column, code, message))

    def entry(self, record: Record) -> ProductEntry | None:
        """What the row would do; None where it is wrong."""
        number = number_in(record)
        contract = self.stored.get(number) if number else None
        if record[NUMBER].text and contract is None:
            self.refuse(record[NUMBER], "not_found", "この番号の行はありません。新しい行は空欄にしてください。")
            return None
        if contract is not None:
            return self.stored_row(record, contract)
        town = self.town_of(record)
        facts = self.facts(record)
        if town is None or facts is None or not self.takes_name(record, town.pk, facts, ""):
            return None
        return ProductEntry(NEW, facts, town.pk, town.name)

    def stored_row(self, record: Record, contract: ProductContract) -> ProductEntry | None:
        line = lines.line(contract, self.today)
        # Cell by cell as the export wrote it: such a row is not judged, whosever it is.
        changed = [
            heading
            for heading, value in zip(HEADER, cells(line), strict=True)
            if as_text(record[heading].value) != as_text(value)
        ]
        stored = write.facts_of(contract)
        if not changed:
            return ProductEntry(UNCHANGED, stored, contract.organization_id, line.town, contract.pk, contract.revision)
        if str(contract.pk) not in self.editable:
            message = "この行は変更できません。書き出したままに戻すか、行を消してください。"
            self.refuse(record[changed[0]], "not_yours", message)
            return None
        if TOWN in changed:
            self.refuse(record[TOWN], "town", f"団体は変えられません。「{line.town}」に戻してください。")
            return None
        facts = self.facts(record)
        if facts is None or not self.takes_name(record, contract.organization_id, facts, str(contract.pk)):
            return None
        changes = tuple(differences(stored, facts))
        return ProductEntry(
            CHANGED if changes else UNCHANGED,
            facts,
            contract.organization_id,
            line.town,
            contract.pk,
            contract.revision,
            changes,
        )

    def town_of(self, record: Record) -> Organization | None:
        """The town of a new row: the one written there, or the only one that there is."""
        text = record[TOWN].text
        if not text and len(self.towns) == 1:
            return next(iter(self.towns.values()))
        match = self.matcher.match("", text) if text else None
        if match and match.place:
            return self.towns[match.place.pk]
        self.refuse(record[TOWN], "town", match.problem if match else "団体の名称を入力してください。")
        return None

    def takes_name(self, record: Record, organization_id: int, facts: ProductFacts, number: str) -> bool:
        key = key_of(organization_id, facts)
        if self.names.setdefault(key, number or f"row {record[NUMBER].row}") in (number, f"row {record[NUMBER].row}"):
            return True
        self.refuse(record["製品・サービス"], "same", write.SAME)
        return False

    def facts(self, record: Record) -> ProductFacts | None:
        """By the form of the screen: the same rules, told by cell."""
        before = len(self.errors)
        data = {name: as_text(record[heading].value) for heading, name in COLUMNS.items()}
        for heading, name in COLUMNS.items():
            if name in FLAGS:
                data[name] = self.flag(record[heading])
        data["sharing"] = self.sharing(record["ほかの市町村に見せる範囲"])
        form = ProductForm(data, towns=None)
        headings = {name: heading for heading, name in COLUMNS.items()}
        refused = {error.column for error in self.errors[before:]}
        for name, messages in form.errors.items():
            cell = record[headings.get(name, NUMBER)]
            for message in messages if cell.column not in refused else ():
                self.refuse(cell, "value", str(message))
        return form.facts() if len(self.errors) == before else None

    def flag(self, cell: Cell) -> str:
        typed = "true" if cell.value is True else "" if cell.value is False else even_width(cell.text).strip().lower()
        if typed not in SAYS_YES | SAYS_NO:
            self.refuse(cell, "not_in_list", "「はい」か「いいえ」を入力してください。")
        return "on" if typed in SAYS_YES else ""

    def sharing(self, cell: Cell) -> str:
        if not cell.text:
            return ProductSharing.NONE
        if word_key(cell.text) not in SHARING:
            self.refuse(cell, "not_in_list", f"次のいずれかを入力してください：{'、'.join(ProductSharing.labels)}")
        return SHARING.get(word_key(cell.text), "")


def number_in(record: Record) -> str:
    """The row's number as digits; "" where there is none, or no number that a row could have."""
    text = even_width(record[NUMBER].text).strip()
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else ""


def key_of(organization_id: int, facts: ProductFacts) -> tuple[int, str, str, str]:
    return (organization_id, facts.task, facts.product, facts.vendor)


def differences(stored: ProductFacts, typed: ProductFacts) -> Iterator[tuple[str, str, str]]:
    """Heading, what is stored and what the file says, where the two differ."""
    for heading, name in COLUMNS.items():
        old, new = getattr(stored, name), getattr(typed, name)
        if old != new:
            yield heading, shown(name, old), shown(name, new)


def shown(name: str, value: Any) -> str:
    if name in FLAGS:
        return word(value)
    return ProductSharing(value).label if name == "sharing" else as_text(value)
