"""「参考にする」: which municipality takes which case as a model, and how far it is with it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from casestudies.domain.reading.shelf import ShelfLabel, labels
from casestudies.enums import UPTAKE_MOVES, UPTAKE_TARGETS, Audience, CaseState, UptakeMove, UptakeState
from casestudies.models import Case, Uptake
from dxportal.core.history.trail import HistoryEntry, Trail, events_of, newest
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import Overtaken
from dxportal.core.workflow.moves import Workflow, locked, moving

OVERTAKEN = "この記録は、ほかの人が先に更新しました。"
COUNTED = (UptakeState.DONE, UptakeState.PREPARING, UptakeState.CONSIDERING)


UPTAKES = Workflow(
    model=Uptake, table=UPTAKE_MOVES, subject="参考にした事例", labels=dict(UptakeMove.choices)
)  # no log of its own: the audit's events are the history, notes and removals included
MOVE_TO = {target: move for move, target in UPTAKE_TARGETS.items()}


@dataclass(frozen=True, slots=True)
class UptakeWish:
    """What is to be stored, by somebody who saw ``revision`` (0: nothing yet)."""

    state: UptakeState
    note: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of municipalities by state; those that decided against it are not among them."""

    by_state: tuple[tuple[UptakeState, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.by_state)

    @property
    def words(self) -> str:
        """Counts in words: 「実施2、検討中1」."""
        return "、".join(f"{state.label}{number}" for state, number in self.by_state if number)


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A case that a municipality took up. ``readable``: its people may still open the case."""

    source_id: str
    title: str
    state: UptakeState
    note: str
    updated_at: dt.datetime
    readable: bool


@dataclass(frozen=True, slots=True)
class ListedUptake:
    """One line of a list. Read more of the case than ``label`` says only where that is readable."""

    uptake: Uptake
    label: ShelfLabel


def municipalities_for(user) -> QuerySet[Organization]:
    """For whom the person may take up cases: a municipality's officers for it, staff for the prefecture's."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return towns if user.is_answering or user.is_prefecture_staff else towns.none()


def take_up(case_id: int, organization_id: int, wish: UptakeWish, *, user) -> Uptake:
    """Registers or changes; what is already so stays. Raises PermissionDenied, Case.DoesNotExist, Overtaken."""
    with transaction.atomic():
        if not municipalities_for(user).filter(pk=organization_id).exists():
            raise PermissionDenied
        rows = Uptake.objects.filter(case=case_id, organization=organization_id)
        if rows.exists():
            return _change(rows, wish, user)
        # The person saw a registration that is gone by now: a new one would undo somebody's taking it back.
        if wish.revision:
            raise Overtaken(OVERTAKEN, None)
        case = Case.objects.published_for(user).get(pk=case_id)
        values = {"state": wish.state, "note": wish.note, "by": user}
        try:
            with transaction.atomic():  # a savepoint: a refused insert would spoil the transaction around it
                return Uptake.objects.create(case=case, organization_id=organization_id, **values)
        except IntegrityError:  # two first registrations at once: the later one finds the other's
            return _change(rows, wish, user)


def _change(rows: QuerySet[Uptake], wish: UptakeWish, user) -> Uptake:
    stored = rows.select_for_update().first()
    if stored is None:  # taken back since it was seen a moment ago
        raise Overtaken(OVERTAKEN, None)
    if (stored.state, stored.note) == (wish.state, wish.note):  # sent twice, or typed the same as the other
        return stored
    if stored.revision != wish.revision:
        raise Overtaken(OVERTAKEN, stored)
    with moving(UPTAKES, Uptake.objects.editable_by(user), stored.pk, MOVE_TO[wish.state], user=user) as step:
        step.row.note = wish.note
        step.row.by = user
        step.row.revision += 1
    return step.row


def take_back(uptake_id: int, *, user) -> Uptake:
    """Deletes the registration; its events stay. Raises PermissionDenied."""
    with transaction.atomic():
        stored = locked(Uptake.objects.editable_by(user), uptake_id)
        stored.delete()
        return stored


def tally(case_id: int) -> Tally:
    """Of all municipalities, whoever asks: a number names nobody."""
    rows = Uptake.objects.filter(case=case_id).values("state").order_by().annotate(number=Count("pk"))
    numbers = {row["state"]: row["number"] for row in rows}
    return Tally(tuple((state, numbers.get(state, 0)) for state in COUNTED))


def listed(rows: Iterable[Uptake], user) -> list[ListedUptake]:
    """With what the person may be told of the cases; one query."""
    uptakes = list(rows)
    known = labels((uptake.case for uptake in uptakes), user)
    return [ListedUptake(uptake, known[uptake.case_id]) for uptake in uptakes]


def taken_up(organization_id: int) -> list[TakenUp]:
    """The cases that a municipality took up, declined ones too, latest change first; without asking who reads it."""
    rows = Uptake.objects.filter(organization=organization_id).select_related("case", "organization")
    cases = []
    for uptake in rows.order_by("-updated_at", "-pk"):
        label = label_for(uptake)
        cases.append(
            TakenUp(
                source_id=uptake.case.source_id,
                title=label.title,
                state=UptakeState(uptake.state),
                note=uptake.note,
                updated_at=uptake.updated_at,
                readable=label.readable,
            )
        )
    return cases


def label_for(uptake: Any) -> ShelfLabel:
    """What a registration's (or its event's) municipality may be told of the case."""
    case = uptake.case
    reaches = case.audience == Audience.EVERYONE or case.prefecture_id == uptake.organization.prefecture_id
    return ShelfLabel.of(case, readable=case.state == CaseState.PUBLISHED and reaches)


UPTAKE_TRAIL = Trail(
    code="uptake",
    label="参考にした事例",
    events=events_of(Uptake),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization", "case"),
    fields=(("状態", lambda event: UptakeState(event.state).label), ("メモ", lambda event: event.note)),
    # As far as the municipality itself may know the case now.
    subject=lambda event: f"{event.case.source_id} {label_for(event).title}",
    place=lambda event: event.organization,
    searched=("note", "case__source_id", "organization__name"),  # a title may be out of sight by now
)


def history(uptake: Uptake) -> Sequence[HistoryEntry]:
    """Of the municipality and the case: registrations that were taken back before are part of it."""
    events = UPTAKE_TRAIL.events.objects.filter(case=uptake.case_id, organization=uptake.organization_id)
    return newest(UPTAKE_TRAIL, events)
