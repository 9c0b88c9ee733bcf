"""What a register file would do, and doing it: all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casestudies.domain.content import Content, Difference, as_json, from_json
from casestudies.domain.contribution import cases
from casestudies.models import Case

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class Entry:
    """One case of the file. ``revision``: what the preview compared with; 0 for a new one."""

    kind: str
    title: str
    source_id: str = ""
    revision: int = 0
    content: Content | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    created: int
    changed: int


class OvertakenError(Exception):
    """A case was changed, or is closed to the person, since the preview; ``str()`` says which."""


def kept(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """What has to be written, to be kept until it is confirmed."""
    return [
        {"kind": one.kind, "source_id": one.source_id, "revision": one.revision, "content": as_json(one.content)}
        for one in entries
        if one.kind != UNCHANGED and one.content is not None
    ]


def apply(rows: Iterable[dict[str, Any]], *, user) -> Done:
    """Writes what ``kept`` kept. OvertakenError, and then nothing is written."""
    counts = {NEW: 0, CHANGED: 0}
    with transaction.atomic():
        for row in rows:
            if row["kind"] == NEW:
                cases.create(from_json(row["content"]), user=user)
            else:
                _change(row, user)
            counts[row["kind"]] += 1
    return Done(counts[NEW], counts[CHANGED])


def _change(row: dict[str, Any], user) -> None:
    found = Case.objects.editable_by(user).filter(source_id=row["source_id"]).first()
    if found is None:
        raise OvertakenError(f"{row['source_id']}は、確認の間に変更できない状態になりました。")
    try:
        cases.change(found.pk, from_json(row["content"]), user=user, revision=row["revision"])
    except (cases.StaleError, PermissionDenied) as error:
        raise OvertakenError(f"{row['source_id']}は、確認の間にほかの人が変更しました。") from error
