"""A register of past sessions and actions as rows to be written: every problem at its cell, nothing written.

A row with a number is one that is stored: it must stand as it was exported. A row without one is new, unless the same
session or action is stored already, so that a file that is read twice makes nothing double.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from consultations.domain.actions.write import towns_for
from consultations.domain.register.apply import action_key, session_key, stored_actions, stored_sessions
from consultations.domain.sessions.texts import LIMIT, LIMITS
from consultations.domain.sessions.write import kinds_for
from consultations.enums import CONFIRMING_ROLES, SUPPORTING_ROLES, ActionBearer, ActionState
from consultations.intake.register.sheets import (
    ACTIONS,
    LIST,
    NUMBER,
    OF_SESSION,
    SESSIONS,
    SPELLINGS,
    TEXT_COLUMNS,
    action_cells,
    as_text,
    session_cells,
    texts,
)
from consultations.models import Action, Session
from dxportal.core.intake.book import Book, Cell, CellError, Limits, Record, Table, find_table, run_checks
from dxportal.core.kana import even_width
from dxportal.core.occasions.enums import OccasionMode, OccasionState
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.ui.fields import JpCharField, JpDateField, JpIntegerField, JpTimeField
from dxportal.core.workflow.errors import NotPossible

MOST = 2000
LIMITS_OF_FILE = Limits(rows=10_000, columns=40, sheets=12)
NEW = "新"
FIELDS: dict[str, Any] = {
    "日付": JpDateField(),
    "開始": JpTimeField(),
    "時間（分）": JpIntegerField(min_value=1, max_value=24 * 60),
    "会場": JpCharField(limit=200, required=False),
    "件名": JpCharField(limit=200, required=False),
    "内容": JpCharField(limit=200),
    "担当課": JpCharField(limit=100, required=False),
    "期限": JpDateField(),
    "詳しい内容": JpCharField(limit=LIMIT, required=False),
    "結果・理由": JpCharField(limit=LIMIT, required=False),
    "完了・取りやめの日": JpDateField(required=False),
    **{heading: JpCharField(limit=LIMITS.get(name, LIMIT), required=False) for heading, name in TEXT_COLUMNS.items()},
}


def read_register(book: Book, *, user: Any) -> dict[str, Any]:
    """Plain JSON: problems, or the new rows and how many are stored already. Writes nothing."""
    if user.role not in SUPPORTING_ROLES:
        raise NotPossible("相談の記録を取り込めるのは、県の職員・業務スタッフ・伴走コンシェルジュです。")
    tables = tables_of(book)
    reader = RegisterReader(tables, user)
    errors = run_checks(
        book,
        [partial(check_headings, tables), partial(check_count, tables)],
        [partial(check_cells, tables), reader.check],
    )
    notes = list(dict.fromkeys(note for table in tables.values() for note in table.notes))
    if errors:
        return {"problems": [asdict(error) for error in errors], "notes": notes}
    return {"sessions": reader.sessions, "actions": reader.actions, "same": reader.same, "notes": notes}


def tables_of(book: Book) -> dict[str, Table]:
    """Of sessions, and of actions where the file has them."""
    tables = {SESSIONS: find_table(book, SPELLINGS[SESSIONS], SESSIONS)}
    actions = find_table(book, SPELLINGS[ACTIONS], ACTIONS)
    if book.sheet(ACTIONS) or not actions.missing:
        tables[ACTIONS] = actions
    return tables


def check_headings(tables: Mapping[str, Table], _: Book) -> Iterator[CellError]:
    """The form's headings are there."""
    for table in tables.values():
        for heading in table.missing:
            message = f"見出し「{heading}」がありません。様式か、書き出したファイルを使ってください。"
            yield CellError(table.sheet.title, max(1, table.row), "A", "heading_missing", message)


def check_count(tables: Mapping[str, Table], _: Book) -> Iterator[CellError]:
    """There is something, and not more than can be looked at."""
    count = sum(len(table.records) for table in tables.values())
    sheet = tables[SESSIONS].sheet.title
    if not count:
        yield CellError(sheet, tables[SESSIONS].row + 1, "A", "empty", "相談を1行に1件ずつ入力してください。")
    if count > MOST:
        message = f"一度に取り込めるのは{MOST:,}行までです（このファイルは{count:,}行）。分けて取り込んでください。"
        yield CellError(sheet, 1, "A", "too_many", message)


def check_cells(tables: Mapping[str, Table], _: Book) -> Iterator[CellError]:
    """Nothing stands in a cell that can't be taken as it is."""
    for table in tables.values():
        yield from table.problems()


class RegisterReader:
    """Turns records into rows and collects what is wrong."""

    def __init__(self, tables: Mapping[str, Table], user: Any):
        self.tables = tables
        self.user = user
        self.today = timezone.localdate()
        self.errors: list[CellError] = []
        self.sessions: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        self.same = 0

    def check(self, _: Book) -> list[CellError]:
        prefecture = self.user.acting.organization.prefecture_id
        places = Organization.objects.for_user(self.user).filter(prefecture=prefecture).exclude(kind="prefecture")
        # Of one name the living one: past sessions of an ended town go by its own, other name.
        self.places = {place.name: place.pk for place in places.order_by("last_day")}
        self.groups = dict(Group.objects.for_user(self.user).filter(prefecture=prefecture).values_list("name", "pk"))
        self.towns = dict(towns_for(self.user).values_list("name", "pk"))
        self.areas = {name: area.pk for area in Area.objects.all() for name in (area.name, *area.other_names)}
        self.read(SESSIONS, Session.objects.for_user(self.user), session_cells, self.session)
        labels = {row["label"] for row in self.sessions if row["label"]}
        self.drop_stored(SESSIONS)
        if ACTIONS in self.tables:
            self.read(ACTIONS, Action.objects.for_user(self.user), action_cells, partial(self.action, labels))
            self.drop_stored(ACTIONS)
        return self.errors

    # --- rows

    def read(
        self,
        title: str,
        rows: QuerySet[Any],
        cells: Callable[[Any], tuple[Any, ...]],
        new: Callable[[Record], dict[str, Any]],
    ) -> None:
        table = self.tables[title]
        numbers = {int(text) for text in (record[NUMBER].text for record in table.records) if is_key(text)}
        if title == SESSIONS:
            rows = rows.select_related("kind", "occasion").prefetch_related(
                "occasion__bodies__organization", "occasion__bodies__group"
            )
        else:
            rows = rows.select_related("organization", "area")
        stored = {
            row.pk: dict(zip(SPELLINGS[title], texts(cells(row)), strict=True)) for row in rows.filter(pk__in=numbers)
        }
        for record in table.records:
            text = record[NUMBER].text
            if is_key(text):
                self.compare(title, record, stored.get(int(text)))
            elif text and not text.startswith(NEW):
                self.error(
                    title,
                    record[NUMBER],
                    "number",
                    f"番号は、書き出した番号か、空欄か、「{NEW}1」のように入力してください。",
                )
            else:
                before = len(self.errors)
                row = new(record) | {"cell": [record[NUMBER].row, record[NUMBER].column]}
                if len(self.errors) == before:
                    (self.sessions if title == SESSIONS else self.actions).append(row)

    def compare(self, title: str, record: Record, stored: Mapping[str, str] | None) -> None:
        """A stored row stands in the file as it was exported."""
        if stored is None:
            self.error(title, record[NUMBER], "not_found", "この番号のものはありません。新しい行は空欄にしてください。")
            return
        self.same += 1
        for heading, cell in record.items():
            if as_text(cell.value) != stored[heading]:
                message = f"登録済みの内容（{stored[heading][:60] or '空欄'}）と違います。変更は画面で行い、ここは書き出したままにしてください。"
                self.error(title, cell, "changed", message)

    def drop_stored(self, title: str) -> None:
        """What is stored already, or stands above in the file, is not made again."""
        key: Callable[[Any], Any] = session_key if title == SESSIONS else action_key
        rows = self.sessions if title == SESSIONS else self.actions
        stored: Any = (stored_sessions if title == SESSIONS else stored_actions)(rows, user=self.user)
        seen: dict[Any, int] = {}
        for row in list(rows):
            cell = row["cell"]
            if key(row) in seen:
                message = f"{seen[key(row)]}行目と同じです。どちらかを消してください。"
                self.errors.append(CellError(self.tables[title].sheet.title, cell[0], cell[1], "twice", message))
            seen.setdefault(key(row), cell[0])
            if key(row) in stored:
                rows.remove(row)
                self.same += 1

    def session(self, record: Record) -> dict[str, Any]:
        day = self.value(SESSIONS, record, "日付")
        clock = self.value(SESSIONS, record, "開始")
        if day and day > self.today:
            self.error(
                SESSIONS,
                record["日付"],
                "future",
                "今日までの日付を入力してください。これからの予定は画面で登録します。",
            )
        states = {"": OccasionState.HELD, "実施": OccasionState.HELD, "確定": OccasionState.CONFIRMED}
        state = self.choice(SESSIONS, record["状態"], states)
        if state == OccasionState.CONFIRMED and self.user.role not in CONFIRMING_ROLES:
            self.error(
                SESSIONS,
                record["状態"],
                "confirming",
                "確定は県か伴走コンシェルジュが行います。「実施」にしてください。",
            )
        rules = kinds_for(self.user, fiscal_year_of(day or self.today))
        kind = self.choice(SESSIONS, record["種別"], {rule.name: code for code, rule in rules.items()})
        names = self.bodies(record)
        modes = {mode.label: mode.value for mode in OccasionMode}
        row = {
            "label": record[NUMBER].text,
            "kind": kind,
            "starts_at": timezone.make_aware(dt.datetime.combine(day, clock)).isoformat() if day and clock else "",
            "minutes": self.value(SESSIONS, record, "時間（分）"),
            "mode": self.choice(SESSIONS, record["開催方法"], modes),
            "place": self.value(SESSIONS, record, "会場"),
            "title": self.value(SESSIONS, record, "件名") or f"{LIST.join(names[:3])} {record['種別'].text}"[:200],
            "state": state,
            "organizations": [self.places[name] for name in names if name in self.places],
            "groups": [self.groups[name] for name in names if name in self.groups and name not in self.places],
        }
        return row | {name: self.value(SESSIONS, record, heading) for heading, name in TEXT_COLUMNS.items()}

    def bodies(self, record: Record) -> list[str]:
        """The names of the towns, bureaus and groups; those out of reach are told."""
        names = [name.strip() for name in record["団体"].text.replace("，", LIST).replace(",", LIST).split(LIST)]
        unknown = [name for name in names if name not in self.places and name not in self.groups]
        if unknown:
            words = (
                f"「{'」「'.join(unknown)}」は、担当する団体にありません。"
                if any(unknown)
                else "団体を入力してください。"
            )
            self.error(SESSIONS, record["団体"], "unknown_body", words)
        return names

    def action(self, labels: set[str], record: Record) -> dict[str, Any]:
        number = record[OF_SESSION].text
        if number and not is_key(number) and number not in labels:
            self.error(
                ACTIONS,
                record[OF_SESSION],
                "unknown_session",
                f"シート「{SESSIONS}」にこの番号の新しい行がありません。",
            )
        if is_key(number) and not Session.objects.editable_by(self.user).filter(pk=int(number)).exists():
            self.error(ACTIONS, record[OF_SESSION], "unknown_session", "この番号の相談はありません。")
        state = self.choice(ACTIONS, record["状態"], {state.label: state.value for state in ActionState})
        closed = self.value(ACTIONS, record, "完了・取りやめの日")
        if (state == ActionState.OPEN) == bool(closed) and state:
            message = "完了・取りやめのときだけ、その日を入力してください。"
            self.error(ACTIONS, record["完了・取りやめの日"], "closed_day", message)
        if closed and closed > self.today:
            self.error(ACTIONS, record["完了・取りやめの日"], "future", "今日までの日付を入力してください。")
        due = self.value(ACTIONS, record, "期限")
        bearers = {bearer.label: bearer.value for bearer in ActionBearer}
        return {
            "session": int(number) if is_key(number) else None,
            "label": "" if is_key(number) else number,
            "organization": self.choice(ACTIONS, record["団体"], self.towns),
            "title": self.value(ACTIONS, record, "内容"),
            "bearer": self.choice(ACTIONS, record["対応する側"], bearers),
            "section": self.value(ACTIONS, record, "担当課"),
            "due_day": due.isoformat() if due else "",
            "area": self.choice(ACTIONS, record["分野"], {"": None} | self.areas),
            "detail": self.value(ACTIONS, record, "詳しい内容"),
            "state": state,
            "result": self.value(ACTIONS, record, "結果・理由"),
            "closed_day": closed.isoformat() if closed else None,
        }

    # --- cells

    def value(self, title: str, record: Record, heading: str) -> Any:
        """As the form's field takes it; an error is told at the cell."""
        try:
            return FIELDS[heading].clean(as_text(record[heading].value))
        except ValidationError as refusal:
            self.error(title, record[heading], "unfit", " ".join(refusal.messages))
            return None

    def choice(self, title: str, cell: Cell, choices: Mapping[str, Any]) -> Any:
        text = even_width(cell.text).strip()
        for name in (cell.text, text):
            if name in choices:
                return choices[name]
        names = [name for name in choices if name]
        listed = "、".join(names[:12]) + ("など" if len(names) > 12 else "")
        self.error(title, cell, "choice", f"「{listed}」の中から入力してください。")
        return None

    def error(self, title: str, cell: Cell, code: str, message: str) -> None:
        self.errors.append(CellError(self.tables[title].sheet.title, cell.row, cell.column, code, message))


def is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15
