"""Reads lives out of the tables: three queries, however many organisations are asked for."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from dxportal.core.organizations.domain.lives import Life, Link, Lives, NameThen
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import FormerName, Organization, Succession
from dxportal.core.organizations.then import ABOLISHED
from dxportal.core.ui.japanese import era

# Few, and without them nobody can say below which bureau, of which name, a town stood.
HEADS = (OrganizationKind.PREFECTURE, OrganizationKind.BUREAU)


def read_lives(pks: Iterable[int]) -> Lives:
    """The lives of these organisations, of everybody whom any succession of the portal names, and of all heads."""
    links = tuple(
        Link(*values) for values in Succession.objects.values_list("predecessor_id", "successor_id", "day", "kind")
    )
    wanted = {*pks, *(link.predecessor for link in links), *(link.successor for link in links)}
    former: dict[int, list[NameThen]] = {}
    changed = FormerName.objects.filter(Q(organization__in=wanted) | Q(organization__kind__in=HEADS))
    for was in changed.order_by("last_day", "pk"):
        then = NameThen(was.name, was.code or "", was.last_day, was.kind, was.kana, was.parent_id)
        former.setdefault(was.organization_id, []).append(then)
    rows = Organization.objects.filter(Q(pk__in=wanted) | Q(kind__in=HEADS)).order_by()
    rows = rows.only("pk", "name", "code", "kana", "parent_id", "prefecture_id", "first_day", "last_day", "sort_order")
    lives = {}
    for row in rows:
        last = NameThen(row.name, row.code or "", kana=row.kana, parent=row.parent_id)
        lives[row.pk] = Life(
            row.pk, (*former.get(row.pk, ()), last), row.first_day, row.last_day, row.prefecture_id, row.sort_order
        )
    return Lives(lives, links)


def recall(places: Iterable[tuple[Organization, dt.date]]) -> None:
    """Lets each organisation say what it was on its day (``then``): name, code and bureau, and what stands there now.

    One query where none of them has changed or ended since; three more otherwise.
    """
    places = list(places)
    if not places:
        return
    today = timezone.localdate()
    ended = any(row.last_day is not None and row.last_day < today for row, _ in places)
    changed = FormerName.objects.filter(
        organization__in={key for row, _ in places for key in (row.pk, row.parent_id)},
        last_day__gte=min(day for _, day in places),
    )
    if ended or changed.exists():
        lives = read_lives(row.pk for row, _ in places)
        for row, day in places:
            row.then = lives.place_on(row.pk, day, today)


def mark_ended(organizations: Iterable[Organization]) -> None:
    """Those that have ended say so (``ended``): 「令和8年3月31日まで・現在はまんなか市」. No query where none has."""
    today = timezone.localdate()
    ended = [row for row in organizations if row.last_day is not None and row.last_day < today]
    if ended:
        lives = read_lives(row.pk for row in ended)
        for row in ended:
            row.ended = ended_words(row, lives, today)


def ended_words(organization: Organization, lives: Lives, today: dt.date) -> str:
    """``organization`` has a last day."""
    now = lives.place_on(organization.pk, today, today).now or ABOLISHED
    until = f"{era(organization.last_day)}まで" if organization.last_day else ""
    return f"{until}・{now if now == ABOLISHED else f'現在は{now}'}"
