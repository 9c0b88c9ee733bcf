"""Who is expected at an occasion, and who was there."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from dxportal.core.accounts.models import Membership
from dxportal.core.occasions.domain import write
from dxportal.core.occasions.domain.draft import Guest
from dxportal.core.occasions.models import Attendance, Occasion
from dxportal.core.occasions.models.people import MOST_PERSONS
from dxportal.core.people.models import Supporter
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

COLUMNS = ("body_id", "supporter_id", "user_id", "name", "capacity", "section", "how", "persons")


def guest_of(row: Attendance) -> Guest:
    return Guest(**{name.removesuffix("_id"): getattr(row, name) for name in COLUMNS}, pk=row.pk)


@transaction.atomic
def record(occasion_id: int, guests: Sequence[Guest], *, user: Any, revision: int | None = None) -> Occasion:
    """Stores all rows in their order; those that are missing go. The same rows again change nothing.

    PermissionDenied; NotPossible; Overtaken where the occasion says something else than at ``revision`` by now.
    """
    occasion = locked(Occasion.objects.editable_by(user), occasion_id)
    stored = {row.pk: row for row in occasion.attendances.all()}
    if [values_of(guest) for guest in guests] == [values_of(guest_of(row)) for row in stored.values()]:
        return occasion
    if revision is not None and occasion.revision != revision:
        raise Overtaken(write.OVERTAKEN, occasion)
    write.require_changeable(occasion)
    check(occasion, guests)
    # A row that is another person's now is a new row: two that changed places would be one person twice for a moment.
    kept = {
        guest.pk for guest in guests if guest.pk in stored and person_of(guest_of(stored[guest.pk])) == person_of(guest)
    }
    Attendance.objects.filter(pk__in=stored.keys() - kept).delete()
    for position, guest in enumerate(guests):
        row = stored[guest.pk] if guest.pk in kept else Attendance(occasion=occasion)
        values = values_of(guest) | {"position": position}
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    write.touch(occasion)
    return occasion


def values_of(guest: Guest) -> dict[str, Any]:
    return {name: getattr(guest, name.removesuffix("_id")) for name in COLUMNS}


def person_of(guest: Guest) -> tuple[int | None, int | None]:
    return (guest.supporter, guest.user)


def check(occasion: Occasion, guests: Sequence[Guest]) -> None:
    check_people(occasion, guests)
    bodies = set(occasion.bodies.values_list("pk", flat=True))
    rows = [guest.pk for guest in guests if guest.pk is not None]
    if len(set(rows)) < len(rows):
        raise NotPossible("同じ行が二度送られました。画面を読み込み直してください。", code="row_twice")
    for number, guest in enumerate(guests, 1):
        if guest.body is not None and guest.body not in bodies:
            raise NotPossible(f"{number}行目：この会合の団体を選んでください。", code="foreign_body")
        if not 1 <= guest.persons <= MOST_PERSONS:
            raise NotPossible(f"{number}行目：人数は1～{MOST_PERSONS:,}人で入力してください。", code="persons")
        if guest.persons > 1 and (guest.name or guest.user or guest.supporter):
            raise NotPossible(f"{number}行目：氏名のある行は1人です。人数で数える行は分けてください。", code="named")


def check_people(occasion: Occasion, guests: Sequence[Guest]) -> None:
    """Each once, and all of the prefecture; a supporter's account is the same person."""
    users = [guest.user for guest in guests if guest.user is not None]
    keys = [guest.supporter for guest in guests if guest.supporter is not None]
    supporters = Supporter.objects.filter(pk__in=keys, prefecture=occasion.prefecture_id)
    accounts = [pk for pk in supporters.values_list("user", flat=True) if pk]
    if len(set(users)) < len(users) or len(set(keys)) < len(keys) or set(users) & set(accounts):
        raise NotPossible("同じ人が二度入っています。一行にしてください。", code="person_twice")
    members = Membership.objects.filter(user__in=users, organization__prefecture=occasion.prefecture_id)
    if members.values("user").distinct().count() < len(users):
        raise NotPossible("県内の利用者を一覧から選んでください。", code="foreign_person")
    if supporters.count() < len(keys):
        raise NotPossible("支援者を一覧から選んでください。", code="foreign_supporter")
