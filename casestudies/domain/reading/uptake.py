"""「参考にする」: which municipality takes which case as a model, and how far it is with it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from casestudies.domain.reading.shelf import Standing, standings
from casestudies.enums import Audience, CaseState, UptakeState
from casestudies.models import Case, Uptake
from dxportal.core.organizations.models import Organization

COUNTED = (UptakeState.DONE, UptakeState.PREPARING, UptakeState.CONSIDERING)


class OvertakenError(Exception):
    """Somebody else saved since the person looked; ``current`` is what is stored now, None if it was taken back."""

    def __init__(self, current: Uptake | None) -> None:
        super().__init__("この記録は、ほかの人が先に更新しました。")
        self.current = current


@dataclass(frozen=True, slots=True)
class Wish:
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
        """「実施2、検討中1」."""
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
class Listed:
    """One line of a list. Read more of the case than ``standing`` says only where that is readable."""

    uptake: Uptake
    standing: Standing


def municipalities_for(user) -> QuerySet[Organization]:
    """For whom the person may take up cases: a municipality's officers for it, staff for the prefecture's."""
    found = Organization.objects.for_user(user).municipalities()
    return found if user.is_answering or user.is_prefecture_staff else found.none()


def take_up(case_id: int, organization_id: int, wish: Wish, *, user) -> Uptake:
    """Registers or changes; what is already so stays. Raises PermissionDenied, Case.DoesNotExist, OvertakenError."""
    with transaction.atomic():
        if not municipalities_for(user).filter(pk=organization_id).exists():
            raise PermissionDenied
        stored = Uptake.objects.select_for_update().filter(case=case_id, organization=organization_id).first()
        if stored is not None:
            return _change(stored, wish, user)
        if wish.revision:
            raise OvertakenError(None)
        case = Case.objects.published_for(user).get(pk=case_id)
        return _create(case, organization_id, wish, user)


def _change(stored: Uptake, wish: Wish, user) -> Uptake:
    if (stored.state, stored.note) == (wish.state, wish.note):  # sent twice, or typed the same as the other
        return stored
    if stored.revision != wish.revision:
        raise OvertakenError(stored)
    stored.state, stored.note, stored.by = wish.state, wish.note, user
    stored.revision += 1
    stored.save()
    return stored


def _create(case: Case, organization_id: int, wish: Wish, user) -> Uptake:
    """Two first registrations at once: the later one finds the other's."""
    values = {"state": wish.state, "note": wish.note, "by": user}
    try:
        with transaction.atomic():
            return Uptake.objects.create(case=case, organization_id=organization_id, **values)
    except IntegrityError:
        stored = Uptake.objects.select_for_update().get(case=case, organization=organization_id)
        return _change(stored, wish, user)


def take_back(uptake_id: int, *, user) -> Uptake:
    """Deletes the registration; its events stay. Raises PermissionDenied, Uptake.DoesNotExist (out of reach)."""
    with transaction.atomic():
        stored = Uptake.objects.for_user(user).select_for_update(of=("self",)).get(pk=uptake_id)
        if not Uptake.objects.editable_by(user).filter(pk=uptake_id).exists():
            raise PermissionDenied
        stored.delete()
        return stored


def tally(case_id: int) -> Tally:
    """Of all municipalities, whoever asks: a number names nobody."""
    rows = Uptake.objects.filter(case=case_id).values("state").order_by().annotate(number=Count("pk"))
    numbers = {row["state"]: row["number"] for row in rows}
    return Tally(tuple((state, numbers.get(state, 0)) for state in COUNTED))


def listed(rows: Iterable[Uptake], user) -> list[Listed]:
    """With what the person may be told of the cases; one query."""
    found = list(rows)
    known = standings((one.case for one in found), user)
    return [Listed(one, known[one.case_id]) for one in found]


def taken_up(organization_id: int) -> list[TakenUp]:
    """The cases that a municipality took up, declined ones too, latest change first; without asking who reads it."""
    rows = Uptake.objects.filter(organization=organization_id).select_related("case", "organization")
    return [_taken(one) for one in rows.order_by("-updated_at", "-pk")]


def _taken(one: Uptake) -> TakenUp:
    standing = standing_for(one)
    return TakenUp(
        one.case.source_id, standing.title, UptakeState(one.state), one.note, one.updated_at, standing.readable
    )


def standing_for(one: Any) -> Standing:
    """What a registration's (or its event's) municipality may be told of the case."""
    case = one.case
    reaches = case.audience == Audience.EVERYONE or case.prefecture_id == one.organization.prefecture_id
    return Standing.of(case, readable=case.state == CaseState.PUBLISHED and reaches)
