"""Snapshot rows: computed whole from the source rows, written in one transaction, scheduled by changes."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.enums import SurveyState
from assessments.models import Survey
from dxportal.core.jobs.domain import enqueue
from dxportal.core.jobs.models import Job
from dxportal.core.organizations.models import Organization
from dxportal.portal.domain import public
from dxportal.portal.domain.board import board
from dxportal.portal.domain.facts import Facts, SurveyFacts, load
from dxportal.portal.domain.karte import answers, averages, karte
from dxportal.portal.domain.matrix import matrix
from dxportal.portal.domain.questions import question_rows
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.models import Snapshot

JOB = "portal.snapshots"
BATCH = 200
_K = SnapshotKind


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as computed. ``organization``: the municipality whose own sheet it is."""

    kind: str
    key: str
    data: dict[str, Any]
    organization: int | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def schedule(prefecture_id: int, *, user=None) -> Job:
    """Asks for new figures: one waiting job a prefecture, and another after one that is already running."""
    return enqueue(
        JOB,
        label="ダッシュボードとカルテの集計",
        params={"prefecture_id": prefecture_id},
        prefecture=Organization.objects.get(pk=prefecture_id),
        user=user,
        key=job_key(prefecture_id),
        again=True,
    )


def schedule_all() -> int:
    """New figures for every prefecture that has a survey; gives how many."""
    prefectures = Survey.objects.exclude(state=SurveyState.DRAFT).values_list("prefecture_id", flat=True).distinct()
    found = list(prefectures.order_by("prefecture_id"))
    for prefecture in found:
        schedule(prefecture)
    return len(found)


def job_key(prefecture_id: int) -> str:
    return f"{JOB}:{prefecture_id}"


def silent(done: int, total: int, message: str) -> None:
    """Nobody watches."""


def refresh(prefecture_id: int, progress: Callable[[int, int, str], None] = silent) -> int:
    """Computes and writes every row of a prefecture; gives how many changed. Safe to run twice."""
    with transaction.atomic():
        # Two at once would each write what it read: the later reader waits here for the earlier writer.
        Organization.objects.select_for_update(no_key=True).get(pk=prefecture_id)
        as_of = timezone.now()
        facts = load(prefecture_id)
        total = len(facts.surveys) + len(facts.towns)
        progress(0, total, "回答と分類を読みました")
        drafts: dict[tuple[str, str], Draft] = {}
        for done, found in enumerate(_parts(facts), 1):
            drafts.update({(draft.kind, draft.key): draft for draft in found})
            progress(min(done, total), total, "集計しています")
        changed = _write(prefecture_id, drafts, as_of)
    progress(total, total, "書き込みました")
    return changed


def _parts(facts: Facts) -> Iterator[list[Draft]]:
    for one in facts.surveys:
        yield list(_survey_drafts(facts, one))
    yield from _town_drafts(facts)


def _survey_drafts(facts: Facts, one: SurveyFacts) -> Iterator[Draft]:
    key = str(one.survey.pk)
    full = board(facts, one)
    yield from (Draft(_K.BOARD, key, full), Draft(_K.BOARD_PUBLIC, key, public.board(full)))
    if one.spec is None:
        return
    index, pages = question_rows(facts, one)
    yield from (Draft(_K.QUESTIONS, key, index), Draft(_K.QUESTIONS_PUBLIC, key, public.questions(index)))
    for code, page in pages.items():
        yield Draft(_K.QUESTION, f"{key}:{code}", page)
        if shown := public.question(page):
            yield Draft(_K.QUESTION_PUBLIC, f"{key}:{code}", shown)
    table = matrix(facts, one)
    yield Draft(_K.MATRIX, key, table)
    if shown := public.matrix(table):
        yield Draft(_K.MATRIX_PUBLIC, key, shown)


def _town_drafts(facts: Facts) -> Iterator[list[Draft]]:
    means = {one.survey.pk: averages(one) for one in facts.surveys}
    for town in facts.towns.values():
        if town.prefecture_id != facts.prefecture.pk:
            yield []
            continue
        key = str(town.id)
        overview, said = karte(facts, town, means), answers(facts, town)
        yield [
            Draft(_K.KARTE, key, overview, town.id),
            Draft(_K.KARTE_PUBLIC, key, public.karte(overview), town.id),
            Draft(_K.ANSWERS, key, said, town.id),
            Draft(_K.ANSWERS_PUBLIC, key, public.karte_answers(said), town.id),
        ]


def _write(prefecture_id: int, drafts: dict[tuple[str, str], Draft], as_of) -> int:
    """Unchanged rows keep their content and are only dated anew; rows of what is gone are removed."""
    rows = Snapshot.objects.filter(prefecture=prefecture_id)
    known = {
        (kind, key): (pk, digest) for pk, kind, key, digest in rows.values_list("pk", "kind", "key", "source_digest")
    }
    changed = [draft for place, draft in drafts.items() if known.get(place, (0, ""))[1] != draft.digest]
    gone = [pk for place, (pk, _) in known.items() if place not in drafts]
    Snapshot.objects.filter(pk__in=gone).delete()
    rows.update(computed_at=as_of, stale_at=None)
    Snapshot.objects.bulk_create(
        [_row(prefecture_id, draft, as_of) for draft in changed],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=("prefecture", "kind", "key"),
        update_fields=("organization", "data", "computed_at", "stale_at", "source_digest"),
    )
    return len(changed) + len(gone)


def _row(prefecture_id: int, draft: Draft, as_of) -> Snapshot:
    return Snapshot(
        prefecture_id=prefecture_id,
        organization_id=draft.organization,
        kind=draft.kind,
        key=draft.key,
        data=draft.data,
        computed_at=as_of,
        source_digest=draft.digest,
    )
