"""Ties the places of cases to the organisations that the portal knows, by the one matcher of places."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from dxportal.core.organizations.domain.matching import PREFECTURES, Place, PlaceMatch, PlaceMatcher
from dxportal.core.organizations.domain.places import known_places
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization


class Ties:
    """Towns and prefectures that a case may name, whole prefectures of them: a name is tied only where it is clear."""

    def __init__(self, organizations: Iterable[Organization]):
        known = [organization for organization in organizations if organization.kind != OrganizationKind.BUREAU]
        today = timezone.localdate()
        self._living = {organization.pk for organization in known if organization.lives_on(today)}
        self._matcher = PlaceMatcher(known_places(known), "登録されている団体")

    @classmethod
    def among(cls, prefectures: Iterable[str], own: int | None = None) -> "Ties":
        """Real ones of these prefectures, and invented ones only of the prefecture ``own`` (its key)."""
        reach = Q(fictional=False) | Q(prefecture=own) if own else Q(fictional=False)
        named = Organization.objects.filter(reach, prefecture__name__in=set(prefectures))
        return cls(named.select_related("prefecture"))

    def organization(self, name: str, prefecture: str) -> int | None:
        """Its key; None where nobody is called so, or several."""
        places = self.candidates(name, prefecture)
        return places[0].pk if len(places) == 1 else None

    def candidates(self, name: str, prefecture: str) -> tuple[Place, ...]:
        """All that are called so. A place without a prefecture stays untied."""
        places = self._matcher.named(name, prefecture) if prefecture_of(name, prefecture) else ()
        if len(places) > 1:
            places = tuple(place for place in places if place.pk in self._living)
        return places

    def match(self, code: object, name: str, prefecture: str) -> PlaceMatch:
        """Which one a code means, and whether the name is unlike it."""
        return self._matcher.match(code, name, prefecture_of(name, prefecture))


def prefecture_of(name: str, prefecture: str) -> str:
    """What its own column says, else what the name begins with (和歌山県海南市)."""
    return prefecture or next((known for known in PREFECTURES if name.startswith(known)), "")
