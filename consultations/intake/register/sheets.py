"""The register of past sessions: what stands in which column. Export and import share it, so that a file comes back."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from consultations.models import Action, Session

SESSIONS, ACTIONS = "相談", "アクション"
NUMBER, OF_SESSION = "番号", "相談の番号"
SESSION_COLUMNS = (
    NUMBER, "日付", "開始", "時間（分）", "種別", "団体", "開催方法", "会場", "件名", "状態", "記録", "決まったこと",
    "県への要望", "次回", "成果物",
)  # fmt: skip
ACTION_COLUMNS = (
    NUMBER, OF_SESSION, "団体", "内容", "対応する側", "担当課", "期限", "分野", "詳しい内容", "状態", "結果・理由",
    "完了・取りやめの日",
)  # fmt: skip
HEADERS = {SESSIONS: SESSION_COLUMNS, ACTIONS: ACTION_COLUMNS}
SPELLINGS = {title: {heading: (heading,) for heading in headings} for title, headings in HEADERS.items()}
TEXT_COLUMNS = {
    "記録": "record",
    "決まったこと": "decisions",
    "県への要望": "requests",
    "次回": "next_meeting",
    "成果物": "deliverable",
}
LIST = "、"
NOTES = {
    SESSIONS: (
        ("番号", "書き出した相談の番号。新しい行は空欄か、アクションから指すための「新1」など"),
        ("団体", "市町村・振興局・広域グループの名前を「、」で区切る"),
        ("状態", "新しい行は「実施」か「確定」。空欄は「実施」"),
    ),
    ACTIONS: (("相談の番号", "シート「相談」の番号（新しい行は「新1」など）。相談と関係のないものは空欄"),),
}


def session_cells(session: Session) -> tuple[Any, ...]:
    """Fetched with ``occasion__bodies`` and their organisations and groups."""
    occasion = session.occasion
    at = timezone.localtime(occasion.starts_at)
    return (
        session.pk,
        at.date(),
        f"{at:%H:%M}",
        occasion.minutes,
        session.kind.name,
        LIST.join(str(body) for body in occasion.bodies.all()),
        occasion.get_mode_display(),
        occasion.place,
        occasion.title,
        occasion.get_state_display(),
        *(getattr(session, name) for name in TEXT_COLUMNS.values()),
    )


def action_cells(action: Action) -> tuple[Any, ...]:
    return (
        action.pk,
        action.session_id,
        action.organization.name,
        action.title,
        action.get_bearer_display(),
        action.section,
        action.due_day,
        action.area.name if action.area else "",
        action.detail,
        action.get_state_display(),
        action.result,
        timezone.localdate(action.closed_at) if action.closed_at else None,
    )


def as_text(value: Any) -> str:
    """A cell for comparing: days in ISO, times to the minute, numbers as whole ones, one kind of line end."""
    if value is None:
        return ""
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").lstrip("'").strip(" \t\r\n\u3000")


def texts(values: Iterable[Any]) -> list[str]:
    return [as_text(value) for value in values]
