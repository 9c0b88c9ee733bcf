"""What a file of the register would do, and doing it: all of it or nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from consultations.domain.products import write
from consultations.domain.products.write import ProductFacts
from consultations.models import ProductContract
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible, Overtaken

NEW = "new"
CHANGED = "changed"
UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ProductEntry:
    """One row of the file. ``pk`` and ``revision``: what the preview compared with; 0 for a new one."""

    kind: str
    facts: ProductFacts
    organization: int = 0
    town: str = ""
    pk: int = 0
    revision: int = 0
    differences: tuple[tuple[str, str, str], ...] = ()


def as_json(facts: ProductFacts) -> dict[str, Any]:
    end = facts.contract_end
    return asdict(facts) | {"contract_end": end.isoformat() if end else None}


def from_json(kept: dict[str, Any]) -> ProductFacts:
    end = kept["contract_end"]
    return ProductFacts(**(kept | {"contract_end": dt.date.fromisoformat(end) if end else None}))


def apply(rows: Iterable[dict[str, Any]], *, user: User) -> dict[str, int]:
    """Writes what a preview kept; how many of each kind. Overtaken where it no longer holds, and then nothing is written."""
    counts = {NEW: 0, CHANGED: 0}
    with transaction.atomic():
        for row in rows:
            store(row, user)
            counts[row["kind"]] += 1
    return counts


def store(row: dict[str, Any], user: User) -> ProductContract:
    facts = from_json(row["facts"])
    try:
        if row["kind"] == NEW:
            return write.create(row["organization"], facts, user=user)
        return write.change(row["pk"], facts, user=user, revision=row["revision"])
    except (Overtaken, PermissionDenied, NotPossible) as error:
        raise Overtaken(f"「{facts.product}（{facts.task}）」は、確認の間にほかの人が変更しました。", None) from error
