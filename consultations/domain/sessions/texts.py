"""The texts of a session's log, each written by several people at once without loss. Pure."""

from collections.abc import Mapping

from dxportal.core.workflow import texts
from dxportal.core.workflow.texts import TextConflict, TypedText

TEXTS = ("record", "decisions", "requests", "next_meeting", "deliverable")
LIMITS = {"next_meeting": 200}
LIMIT = 20_000
LABELS = {
    "record": "記録",
    "decisions": "決まったこと",
    "requests": "県への要望",
    "next_meeting": "次回",
    "deliverable": "成果物",
    "memo": "支援側のメモ",
}


def conflicts(stored: Mapping[str, str], typed: Mapping[str, TypedText]) -> tuple[TextConflict, ...]:
    return texts.conflicts(stored, typed, LABELS)
