"""The organisation tree as a page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Branch:
    """A bureau or prefecture with the municipalities directly below it."""

    head: Organization
    municipalities: tuple[Organization, ...]


def branches(places: Iterable[Organization]) -> list[Branch]:
    """One branch for each head in the order given; a municipality whose head is not among them brings it along."""
    below: dict[int, list[Organization]] = {}
    heads: dict[int, Organization] = {}
    for place in places:
        head = place.parent if place.kind == OrganizationKind.MUNICIPALITY else None
        if head is not None:
            heads.setdefault(head.pk, head)
            below.setdefault(head.pk, []).append(place)
        else:
            heads[place.pk] = place
    order = sorted(
        heads.values(), key=lambda head: (head.kind != OrganizationKind.PREFECTURE, head.sort_order, head.pk)
    )
    return [Branch(head, tuple(below.get(head.pk, ()))) for head in order]
