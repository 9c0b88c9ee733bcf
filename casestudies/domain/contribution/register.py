"""What a register file would do, and doing it: all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casestudies.domain.content import Content, FieldDifference, as_json, from_json
from casestudies.domain.contribution import write
from casestudies.models import Case
from dxportal.core.workflow.errors import Overtaken

NEW = "new"
CHANGED = "changed"
UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One case of the file. ``revision``: what the preview compared with; 0 for a new one."""

    kind: str
    title: str
    source_id: str = ""
    revision: int = 0
    content: Content | None = None
    differences: tuple[FieldDifference, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterResult:
    created: int
    changed: int


def kept(entries: Iterable[RegisterEntry]) -> list[dict[str, Any]]:
    """What has to be written, to be kept until it is confirmed."""
    return [
        {
            "kind": entry.kind,
            "source_id": entry.source_id,
            "revision": entry.revision,
            "content": as_json(entry.content),
        }
        for entry in entries
        if entry.kind != UNCHANGED and entry.content is not None
    ]


def apply(rows: Iterable[dict[str, Any]], *, user) -> RegisterResult:
    """Writes what ``kept`` kept. Overtaken (``current``: the case, None if it is out of reach), and then nothing is written."""
    counts = {NEW: 0, CHANGED: 0}
    with transaction.atomic():
        for row in rows:
            if row["kind"] == NEW:
                write.create(from_json(row["content"]), user=user)
            else:
                _change(row, user)
            counts[row["kind"]] += 1
    return RegisterResult(counts[NEW], counts[CHANGED])


def _change(row: dict[str, Any], user) -> None:
    # Looked up without a lock: ``change`` takes it, and compares the revision behind it.
    case = Case.objects.editable_by(user).filter(source_id=row["source_id"]).first()
    if case is None:
        raise Overtaken(f"{row['source_id']}は、確認の間に変更できない状態になりました。", None)
    try:
        write.change(case.pk, from_json(row["content"]), user=user, revision=row["revision"])
    except (Overtaken, PermissionDenied) as error:
        raise Overtaken(f"{row['source_id']}は、確認の間にほかの人が変更しました。", case) from error
