"""Snapshot rows: how figures are written, and how they are read back."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization, Succession
from dxportal.portal.domain.values import FORMAT, Figures
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.models import Snapshot

BATCH = 200
FiguresT = TypeVar("FiguresT", bound=Figures)


@dataclass(frozen=True)
class SnapshotDraft:
    """A row as computed. ``organization``: the municipality whose own figures it holds."""

    kind: SnapshotKind
    key: str
    figures: Figures
    organization: int | None = None

    @cached_property
    def text(self) -> str:
        """Keys in order: the database keeps none, and figures read back must give the same text."""
        return json.dumps(self.figures.to_json(), ensure_ascii=False, sort_keys=True)

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def place(self) -> tuple[str, str]:
        return str(self.kind), self.key


def write(
    prefecture_id: int, scope: QuerySet[Snapshot], drafts: Iterable[SnapshotDraft], as_of: dt.datetime, *, whole: bool
) -> int:
    """Makes the rows of ``scope`` those of the drafts; gives how many changed.

    Unchanged rows keep their content and are only dated anew. ``whole``: rows without a draft are of what is gone,
    and go; otherwise they are left as they are.
    """
    by_place = {draft.place: draft for draft in drafts}
    rows = scope.filter(prefecture=prefecture_id)
    if not whole:
        rows = rows.filter(key__in={draft.key for draft in by_place.values()})
    # Digests and no content: what is stored need not be read to be compared.
    known = {
        (kind, key): (pk, digest, version)
        for pk, kind, key, digest, version in rows.values_list("pk", "kind", "key", "source_digest", "format")
    }
    gone = [row[0] for place, row in known.items() if place not in by_place] if whole else []
    changed, kept = [], []
    for place, draft in by_place.items():
        pk, digest, version = known.get(place, (0, "", 0))
        # The same text of an older format is written, too: readers look for rows of this format alone.
        if digest == draft.digest and version == FORMAT:
            kept.append(pk)
        else:
            changed.append(draft)
    Snapshot.objects.filter(pk__in=gone).delete()
    # Content and digest stay: an open page asks by digest, and is not told of news where there are none.
    Snapshot.objects.filter(pk__in=kept).update(computed_at=as_of)
    # In batches, so that the texts of all kartes of a prefecture are not one parameter.
    for start in range(0, len(changed), BATCH):
        _upsert(prefecture_id, changed[start : start + BATCH], as_of)
    return len(changed) + len(gone)


def _upsert(prefecture_id: int, drafts: Sequence[SnapshotDraft], as_of: dt.datetime) -> None:
    """All drafts as one parameter: ``bulk_create`` spends twice the time of everything else on quoting their texts."""
    rows = ",".join(
        f'{{"organization":{draft.organization or "null"},"kind":"{draft.kind}","key":{json.dumps(draft.key)},'
        f'"digest":"{draft.digest}","data":{draft.text}}}'
        for draft in drafts
    )
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, {"prefecture": prefecture_id, "at": as_of, "format": FORMAT, "rows": f"[{rows}]"})


# The table is (prefecture, kind, key) once: a row that is there already is written over, and keeps its pk, by which
# pages that are being read find its content.
UPSERT = """
INSERT INTO portal_snapshot (prefecture_id, organization_id, kind, key, data, computed_at, source_digest, format)
SELECT %(prefecture)s, draft.organization, draft.kind, draft.key, draft.data, %(at)s, draft.digest, %(format)s
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS draft (organization bigint, kind text, key text, data jsonb, digest text)
ON CONFLICT (prefecture_id, kind, key) DO UPDATE
   SET organization_id = EXCLUDED.organization_id, data = EXCLUDED.data, computed_at = EXCLUDED.computed_at,
       stale_at = NULL, source_digest = EXCLUDED.source_digest, format = EXCLUDED.format
"""


@dataclass(frozen=True)
class SnapshotReading:
    """The rows of a page without their content: what tells whether it is the same as last time.

    ``kind`` and ``key`` are those by which the page asked.
    """

    kind: SnapshotKind
    key: str
    rows: tuple[Any, ...]  # of Snapshot, with ``inherits``

    @cached_property
    def digest(self) -> str:
        if len(self.rows) == 1:
            return self.rows[0].source_digest
        marks = sorted(f"{row.kind}:{row.key}:{row.source_digest}" for row in self.rows)
        return hashlib.sha256("\n".join(marks).encode()).hexdigest()

    @property
    def version(self) -> str:
        """For the keys of what is drawn from it."""
        return f"{FORMAT}:{self.rows[0].prefecture_id}:{self.digest}"

    @property
    def organization(self) -> Organization | None:
        """Whose own figures they are."""
        return next((row.organization for row in self.rows if row.organization_id), None)

    @property
    def inherits(self) -> bool:
        """Whether the municipality stands in the place of others, whose years are shown beside its own."""
        return any(row.inherits for row in self.rows)

    @property
    def computed_at(self) -> dt.datetime:
        return max(row.computed_at for row in self.rows)

    @cached_property
    def _contents(self) -> list[tuple[str, str, dict[str, Any]]]:
        """In one query, only when a page has to be drawn."""
        rows = Snapshot.objects.filter(pk__in=[row.pk for row in self.rows])
        return list(rows.values_list("kind", "key", "data"))

    def all(self, kind: SnapshotKind, figures: type[FiguresT]) -> dict[str, FiguresT]:
        """By key, the rows of the kind."""
        return {key: figures.from_json(data) for row, key, data in self._contents if row == kind}

    def maybe(self, kind: SnapshotKind, figures: type[FiguresT]) -> FiguresT | None:
        """The one row of the kind; None where the page has none."""
        return next(iter(self.all(kind, figures).values()), None)

    def only(self, kind: SnapshotKind, figures: type[FiguresT]) -> FiguresT:
        """The one row of the kind that the page cannot do without; LookupError when it is gone meanwhile."""
        row = self.maybe(kind, figures)
        if row is None:
            raise LookupError(f"{kind} of {self.key}")
        return row


def find(user: User, kind: SnapshotKind, key: object, *, public: bool) -> SnapshotReading | None:
    """The rows of a page as far as the person may read them; None where its figures are not computed yet.

    ``kind``: of the full figures; ``public``: the person reads those made for municipalities.
    """
    acting = user.acting
    if acting is None:
        return None
    return reading_of(Snapshot.objects.for_user(user), acting.organization.prefecture_id, kind, str(key), public=public)


def of_town(town: Organization, kind: SnapshotKind, *, public: bool) -> SnapshotReading | None:
    """The rows of a municipality's page for nobody in particular: of what is made for later readers."""
    return reading_of(Snapshot.objects.all(), town.prefecture_id, kind, str(town.pk), public=public)


def reading_of(
    rows: QuerySet[Snapshot], prefecture_id: int | None, kind: SnapshotKind, key: str, *, public: bool
) -> SnapshotReading | None:
    # A municipality's own figures are of its own prefecture: of a town before it maybe of another one than the reader's.
    here = Q(prefecture=prefecture_id, organization__isnull=True)
    own = Q(prefecture=F("organization__prefecture"))
    rows = rows.filter(here | own, format=FORMAT)
    which, least = _page_rows(kind, key, public=public)
    inherits = Exists(Succession.objects.filter(successor=OuterRef("organization")))
    rows = rows.filter(which).defer("data").select_related("organization").annotate(inherits=inherits)
    matches = tuple(rows.order_by("kind", "key"))
    return SnapshotReading(kind, key, matches) if any(row.kind == least for row in matches) else None


def _page_rows(kind: SnapshotKind, key: str, *, public: bool) -> tuple[Q, SnapshotKind]:
    """The rows that make the page, and the kind of which there must be one."""

    def of(part: SnapshotKind) -> SnapshotKind:
        return part.public if public else part

    own = Q(kind=of(kind), key=key)
    if kind == SnapshotKind.QUESTION:
        return own | Q(kind=of(SnapshotKind.RESPONDENTS), key=key.partition(":")[0]), of(kind)
    # The colon ends the survey's number and so keeps survey 1 from matching the rows of survey 12.
    if kind == SnapshotKind.MATRIX:
        return own | Q(kind=of(SnapshotKind.MATRIX_TOWN), key__startswith=f"{key}:"), of(kind)
    if kind in (SnapshotKind.KARTE, SnapshotKind.ANSWERS):
        if not key.isdigit():
            return Q(pk=None), of(SnapshotKind.TOWN)
        rows = Q(organization=int(key), kind__in=(of(SnapshotKind.TOWN), of(kind)))
        if kind == SnapshotKind.KARTE:
            means = Q(kind=of(SnapshotKind.COMPARISON))
            rows |= means & Q(organization=int(key)) if public else means
        return rows, of(SnapshotKind.TOWN)
    return own, of(kind)


def outdated(prefecture_id: int) -> bool:
    """Whether rows of an older format wait for being computed anew."""
    return Snapshot.objects.filter(prefecture=prefecture_id, format__lt=FORMAT).exists()
