"""Reads lives out of the tables: three queries, however many organisations are asked for."""

from collections.abc import Iterable

from dxportal.core.organizations.domain.lives import Life, Link, Lives, NameThen
from dxportal.core.organizations.models import FormerName, Organization, Succession


def read_lives(pks: Iterable[int]) -> Lives:
    """The lives of these organisations and of everybody whom any succession of the portal names."""
    links = tuple(
        Link(*values) for values in Succession.objects.values_list("predecessor_id", "successor_id", "day", "kind")
    )
    wanted = {*pks, *(link.predecessor for link in links), *(link.successor for link in links)}
    former: dict[int, list[NameThen]] = {}
    for row in FormerName.objects.filter(organization__in=wanted).order_by("last_day", "pk"):
        former.setdefault(row.organization_id, []).append(NameThen(row.name, row.code or "", row.last_day, row.kind))
    rows = Organization.objects.filter(pk__in=wanted).only("pk", "name", "code", "first_day", "last_day")
    lives = {
        row.pk: Life(row.pk, (*former.get(row.pk, ()), NameThen(row.name, row.code or "")), row.first_day, row.last_day)
        for row in rows
    }
    return Lives(lives, links)
