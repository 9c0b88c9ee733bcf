"""The register of supporters from a workbook: every problem at its cell, and who and what would be added.

A row is a person in one capacity, as the list's file has them. People are told apart by name and affiliation; who is
stored, and the capacities that they hold from a day on, must stand as they are.
"""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from dxportal.core.intake.book import Book, CellError, Limits, Record, Table, find_table, run_checks
from dxportal.core.kana import even_width
from dxportal.core.people.domain.additions import SupporterKey, stored_capacities, stored_supporters
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.forms.supporters import CapacityForm, SupporterForm
from dxportal.core.people.models import Capacity
from dxportal.core.workflow.errors import NotPossible

UPLOAD_KIND = "people.supporters"
TITLE = "支援者"
PERSON = {"氏名": "name", "カナ": "kana", "所属": "affiliation", "登録している国の制度": "schemes", "備考": "note"}
POST = {"役割": "capacity", "分野": "field", "開始日": "first_day", "終了日": "last_day"}
HEADER = ("氏名", "カナ", "所属", "役割", "分野", "開始日", "終了日", "登録している国の制度", "備考")
SPELLINGS = {heading: (heading,) for heading in HEADER}
MOST = 500
LIMITS = Limits(rows=MOST + 200, columns=40, sheets=12)
LIST = "、"


def preview_of(book: Book, *, user: Any) -> dict[str, Any]:
    """Plain JSON: problems, or the rows to be added and how many are stored already. Writes nothing."""
    if user.role not in OFFICE_ROLES:
        raise NotPossible("支援者を取り込めるのは、県の職員と業務スタッフです。")
    table = find_table(book, SPELLINGS, TITLE)
    reader = SupporterReader(table, user)
    errors = run_checks(book, [partial(check_table, table)], [lambda _: table.problems(), lambda _: reader.check()])
    notes = list(dict.fromkeys(table.notes))
    if errors:
        return {"problems": [asdict(error) for error in errors], "notes": notes}
    return {"rows": reader.rows, "same": reader.same, "notes": notes}


def check_table(table: Table, _: Book) -> Iterator[CellError]:
    """Its headings are there, and 1 to 500 rows."""
    for heading in table.missing:
        message = f"見出し「{heading}」がありません。様式か、書き出した名簿を使ってください。"
        yield CellError(table.sheet.title, max(1, table.row), "A", "heading_missing", message)
    count = len(table.records)
    if not table.missing and not count:
        yield CellError(table.sheet.title, table.row + 1, "A", "empty", "支援者を1行に1人ずつ入力してください。")
    if count > MOST:
        message = f"一度に取り込めるのは{MOST}行までです（このファイルは{count}行）。分けて取り込んでください。"
        yield CellError(table.sheet.title, 1, "A", "too_many", message)


class SupporterReader:
    """Turns records into rows and collects what is wrong."""

    def __init__(self, table: Table, user: Any):
        self.table = table
        self.user = user
        self.errors: list[CellError] = []
        self.rows: list[dict[str, Any]] = []
        self.same = 0

    def check(self) -> list[CellError]:
        self.capacities = {row.name: row for row in Capacity.objects.for_user(self.user)}
        self.people = stored_supporters(self.user)
        self.posts = stored_capacities(self.user)
        first_rows: dict[SupporterKey, tuple[int, dict[str, Any]]] = {}
        seen: set[Any] = set()
        for record in self.table.records:
            before = len(self.errors)
            person = self.cleaned(record, PERSON, SupporterForm(self.person_data(record), user=self.user))
            post = self.post(record)
            if len(self.errors) > before:
                continue
            key = (person["name"], person["affiliation"])
            self.compare(record, key, person, first_rows)
            entry = (*key, post and post["capacity"], post and post["field"], post and post["first_day"])
            if entry in seen:
                self.error(
                    record, "役割" if post else "氏名", "twice", "同じ行が上にあります。どちらかを消してください。"
                )
            seen.add(entry)
            self.keep(record, key, person, post)
        return self.errors

    def person_data(self, record: Record) -> dict[str, str]:
        data = {name: record[heading].text for heading, name in PERSON.items()}
        return data | {"schemes": data["schemes"].replace(LIST, "\n")}

    def post(self, record: Record) -> dict[str, Any] | None:
        """None where the row names no capacity: a person without one."""
        name = even_width(record["役割"].text)
        if not any(record[heading].is_filled for heading in POST):
            return None
        capacity = self.capacities.get(name)
        if capacity is None:
            listed = LIST.join(self.capacities)
            self.error(record, "役割", "unknown_capacity", f"「{listed}」の中から入力してください。")
            return None
        data = {field: day_text(record[heading].value) for heading, field in POST.items()} | {"capacity": capacity.pk}
        cleaned = self.cleaned(record, POST, CapacityForm(data, user=self.user))
        if capacity.has_field and not cleaned.get("field"):
            self.error(record, "分野", "field_missing", f"「{capacity}」の分野を入力してください。")
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.error(record, "終了日", "days", "開始日以後の日付を入力してください。")
        return {
            "capacity": capacity.pk,
            "field": cleaned.get("field", ""),
            "first_day": first.isoformat() if first else "",
            "last_day": last.isoformat() if last else None,
        }

    def cleaned(self, record: Record, columns: dict[str, str], form: Any) -> dict[str, Any]:
        """What the form of the screen makes of it; its errors stand at their cells."""
        if form.is_valid():
            return form.cleaned_data
        headings = {name: heading for heading, name in columns.items()}
        for name, messages in form.errors.items():
            self.error(record, headings.get(name, next(iter(columns))), "unfit", " ".join(messages))
        return form.cleaned_data

    def compare(self, record: Record, key: SupporterKey, person: dict[str, Any], first_rows: dict[Any, Any]) -> None:
        """A person says the same in every row, and what is stored of them where they are."""
        values = {name: person[name] for name in ("kana", "schemes", "note")}
        stored = self.people.get(key)
        row, first = first_rows.setdefault(key, (record["氏名"].row, values))
        for heading, name in PERSON.items():
            if name in values and values[name] != first[name]:
                self.error(record, heading, "differs", f"同じ人の{row}行目と違います。そろえてください。")
            elif name in values and stored is not None and values[name] != getattr(stored, name):
                message = "登録済みの内容と違います。変更は支援者の画面で行ってください。"
                self.error(record, heading, "changed", message)

    def keep(self, record: Record, key: SupporterKey, person: dict[str, Any], post: dict[str, Any] | None) -> None:
        stored = self.people.get(key)
        if stored is not None and post is not None:
            held = (stored.pk, post["capacity"], post["field"], post["first_day"])
            if held in self.posts and self.posts[held] != post["last_day"]:
                self.error(
                    record, "終了日", "changed", "登録済みの終了日と違います。変更は支援者の画面で行ってください。"
                )
            if held in self.posts:
                self.same += 1
                return
        elif stored is not None:
            self.same += 1
            return
        values = {name: person[name] for name in ("name", "kana", "affiliation", "schemes", "note")}
        self.rows.append({"person": values, "supporter": stored.pk if stored else None, "post": post})

    def error(self, record: Record, heading: str, code: str, message: str) -> None:
        cell = record[heading]
        self.errors.append(CellError(self.table.sheet.title, cell.row, cell.column, code, message))


def day_text(value: Any) -> str:
    """A day as the form reads it."""
    return "" if value is None else str(value).removesuffix(" 00:00:00")
