"""Organisations as the matcher takes them, with what they and those before them were called."""

from collections.abc import Iterable

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
        place = Place(
            row.pk,
            row.code or "",
            row.name,
            row.kana,
            row.district,
            row.prefecture.name if row.prefecture else "",
            former_codes=tuple({name.code for name in former if name.code} - {row.code}),
            former_names=tuple({name.name for name in former} - {row.name}),
        )
        places.append(place)
    return tuple(places)
