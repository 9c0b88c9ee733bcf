"""Organisations as the matcher takes them, with what they and those before them were called."""

from collections.abc import Iterable
from dataclasses import replace

from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.domain.matching import Place
from dxportal.core.organizations.models import Organization


def known_places(organizations: Iterable[Organization]) -> tuple[Place, ...]:
    """Four queries at most, where the organisations come with their prefecture (``select_related``)."""
    rows = list(organizations)
    lives = read_lives(row.pk for row in rows)
    places = []
    for row in rows:
        names = [name for key in lives.line_before(row.pk) for name in lives.by_pk[key].names]
        former = [name for name in names if (name.name, name.code) != (row.name, row.code or "")]
        codes = {name.code for name in former if name.code} - {row.code}
        places.append(
            replace(
                as_place(row),
                former_codes=tuple(codes),
                former_names=tuple({name.name for name in former} - {row.name}),
            )
        )
    return tuple(places)


def as_place(row: Organization) -> Place:
    """As it is today, without what it was called before."""
    prefecture = row.prefecture.name if row.prefecture else ""
    return Place(row.pk, row.code or "", row.name, row.kana, row.district, prefecture)
