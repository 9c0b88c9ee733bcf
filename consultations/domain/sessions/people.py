"""Who may have been there: those entered, those of last time, the consultant in charge and the town's own people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from consultations.domain.sessions.kinds import rules_of
from consultations.domain.sessions.log import last_before, towns_of
from consultations.enums import AttendanceRule
from consultations.models import Session
from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.occasions.domain.attendance import guest_of
from dxportal.core.occasions.domain.draft import Guest
from dxportal.core.occasions.models import Attendance
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.people.models import Capacity, SupporterCapacity


@dataclass(frozen=True, slots=True)
class LikelyGuest:
    """``key``: of the box; ``guest``: the row of attendance that it stands for; ``expected``: ticked to begin with."""

    key: str
    label: str
    guest: Guest
    expected: bool


def candidates(session: Session, user: User) -> list[LikelyGuest]:
    stored = list(session.occasion.attendances.select_related("user", "supporter"))
    # A supporter with an account is one person, under whichever of the two the row was entered.
    known = {row.user_id or (row.supporter.user_id if row.supporter else None) for row in stored}
    rows = [LikelyGuest(key_of(row), label_of(row), guest_of(row), True) for row in stored]
    consultants = in_charge_of(towns_of(session))
    before = last_before(session, user)
    guests = before.occasion.attendances if before else Attendance.objects.none()
    last = {pk for pair in guests.values_list("user", "supporter__user") for pk in pair}
    people = {**{person.pk: person for person in consultants}, **members_of(session)}
    for pk, person in people.items():
        if pk not in known:
            capacity = "concierge" if any(person.pk == each.pk for each in consultants) else ""
            expected = not stored and (pk in last or bool(capacity))
            rows.append(LikelyGuest(f"user:{pk}", person.name, Guest(user=pk, capacity=capacity), expected))
    return rows


def missing_capacities(session: Session) -> list[str]:
    """Names of the capacities that must come to a session of its kind and of which nobody is entered yet.

    Somebody counts under the capacity of the attendance and under all that they hold in the register on that day.
    """
    day = session.occasion.day
    rules = rules_of(session.occasion.prefecture_id, fiscal_year_of(day)).get(session.kind.code)
    wanted = [code for code, rule in rules.attendance.items() if rule == AttendanceRule.MUST] if rules else []
    if not wanted:
        return []
    rows = session.occasion.attendances.all()
    there = {row.capacity for row in rows}
    people = Q(supporter__in=[row.supporter_id for row in rows if row.supporter_id])
    people |= Q(supporter__user__in=[row.user_id for row in rows if row.user_id])
    held = SupporterCapacity.objects.filter(people, first_day__lte=day, capacity__code__in=wanted)
    held = held.filter(Q(last_day=None) | Q(last_day__gte=day), supporter__prefecture=session.occasion.prefecture_id)
    there |= set(held.values_list("capacity__code", flat=True))
    names = dict(Capacity.objects.filter(code__in=wanted).order_by("order", "code").values_list("code", "name"))
    return [name for code, name in names.items() if code not in there]


def key_of(row: Attendance) -> str:
    """A person keeps the box's key when their row comes or goes, so that a form drawn before still means them."""
    if row.supporter_id:
        return f"supporter:{row.supporter_id}"
    return f"user:{row.user_id}" if row.user_id else f"row:{row.pk}"


def label_of(row: Attendance) -> str:
    person = row.supporter or row.user
    name = row.name or (person.name if person else "")
    return name or f"{row.section} {row.persons}人".strip()


def in_charge_of(towns: Sequence[int]) -> list[User]:
    line = Organization.objects.line_of(towns)
    rows = Assignment.objects.on_day().filter(organization__in=line).select_related("membership__user")
    return list({row.membership.user_id: row.membership.user for row in rows.order_by("pk")}.values())


def members_of(session: Session) -> dict[int, User]:
    """The people of the towns that are in office today."""
    line = Organization.objects.line_of(towns_of(session))
    rows = Membership.objects.current(timezone.localdate()).filter(organization__in=line)
    return {row.user_id: row.user for row in rows.select_related("user").order_by("user__kana", "pk")}


def guests_of(chosen: Iterable[str], known: Sequence[LikelyGuest], others: Iterable[Guest]) -> list[Guest]:
    wanted = set(chosen)
    return [*(each.guest for each in known if each.key in wanted), *others]
