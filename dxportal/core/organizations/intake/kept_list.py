"""The rows of one prefecture between the page that shows what they change and the click that confirms it.

They travel in the form itself, signed: nothing is stored for somebody who never confirms, and no cache has to be there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing

from dxportal.core.organizations.domain.code_list.changes import ListedOrganization

SALT = "organizations.code_list"
KEPT_FOR = 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class KeptRow:
    code: str
    kind: str
    name: str
    kana: str
    place: str


@dataclass(frozen=True, slots=True)
class KeptList:
    """``digest``: that of the plan that the page showed."""

    rows: tuple[KeptRow, ...]
    digest: str


def packed(rows: Sequence[ListedOrganization], digest: str, *, membership: int) -> str:
    """Bound to the membership: what somebody checked in one role is not carried out in another."""
    values = [(row.code, row.kind, row.name, row.kana, row.place) for row in rows]
    return signing.dumps([membership, digest, values], salt=SALT, compress=True)


def unpacked(text: str, *, membership: int) -> KeptList | None:
    """None for what is too old, another's, or not from here."""
    try:
        owner, digest, values = signing.loads(text, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return KeptList(tuple(KeptRow(*row) for row in values), digest) if owner == membership else None
