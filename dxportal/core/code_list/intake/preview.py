"""What the list says of one prefecture, as plain JSON: kept with the file until somebody confirms it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing

from dxportal.core.code_list.intake.national_list import CodeRow, read_code_list
from dxportal.core.intake.book import Book, CellError
from dxportal.core.names import name_key
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible

UPLOAD_KIND = "code_list.national"
SALT = "code_list.shown"
NO_PREFECTURE = "{name}の行が一覧にありません。全国の一覧か、{name}を含む一覧を選択してください。"


@dataclass(frozen=True, slots=True)
class KeptRow:
    code: str
    kind: str
    name: str
    kana: str
    place: str


def preview_of(book: Book, *, user) -> dict[str, Any]:
    """``errors``; ``rows`` of the person's prefecture; ``notes`` on what of the file was passed over."""
    listed = read_code_list(book)
    rows = [] if listed.errors else own_rows(listed.rows, user.acting.organization)
    return {
        "errors": [asdict(error) for error in listed.errors],
        "rows": [[row.code, row.kind, row.name, row.kana, row.place] for row in rows],
        "notes": list(listed.notes),
    }


def own_rows(rows: Sequence[CodeRow], prefecture: Organization) -> list[CodeRow]:
    """Those of the prefecture: by its code, by its name where it has none yet."""
    heads = [row for row in rows if row.kind == "prefecture"]
    by_code = [row for row in heads if row.code == prefecture.code]
    head = next(iter(by_code or [row for row in heads if name_key(row.name) == name_key(prefecture.name)]), None)
    if head is None:
        raise NotPossible(NO_PREFECTURE.format(name=prefecture.name))
    return [row for row in rows if row.code[:2] == head.code[:2]]


def errors_of(read: dict[str, Any]) -> list[CellError]:
    return [CellError(**error) for error in read["errors"]]


def rows_of(read: dict[str, Any]) -> list[KeptRow]:
    return [KeptRow(*row) for row in read["rows"]]


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """What the page of the confirmation showed: the file, and the digest of the plan that was made of it."""

    upload: str
    digest: str

    @property
    def sealed(self) -> str:
        """Signed, so that only what was really shown can be confirmed."""
        return signing.dumps([self.upload, self.digest], salt=SALT)


def unsealed(text: str) -> ShownPlan | None:
    try:
        return ShownPlan(*signing.loads(text, salt=SALT))
    except signing.BadSignature:
        return None
