"""What every door of the search shares: the address read, the person's own municipality, the engine asked."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from casestudies.domain.search import search
from casestudies.domain.search.suggesting import Help
from casestudies.forms.search.query import Query
from dxportal.core.organizations.models import Organization, Profile

PAGE_SIZE = 20


@dataclass(frozen=True)
class Asked:
    """A search: who asks what, seen from where, and what the engine found."""

    user: object
    query: Query
    home: Organization | None
    place: search.Place | None
    found: search.Found

    @cached_property
    def count(self) -> int:
        return self.found.count

    @cached_property
    def facets(self) -> dict[str, list[search.FacetValue]]:
        return self.found.facets()

    @cached_property
    def help(self) -> Help | None:
        """What else to try; only where nothing was found, as it runs further searches."""
        return None if self.count else self.found.help()

    def near_count(self) -> int:
        """How many of the results are of places like the person's own."""
        return engine(self.user, self.query, self.place, near=True).count

    def link(self, query: Query) -> str:
        """The page's address for another query."""
        return address("casestudies:search", query)


def ask(request: HttpRequest, query: Query | None = None) -> Asked:
    """Asks the engine as the address says. Nothing in an address is an error."""
    query = (query or Query.read(request.GET)).known()
    home = home_of(request.user, query.town)
    place = place_of(home) if home else None
    found = engine(request.user, query, place, near="near" in query.flags)
    return Asked(request.user, query, home, place, found)


def engine(user, query: Query, place: search.Place | None, *, near: bool) -> search.Found:
    """Without a municipality nothing is near."""
    return search.find(
        user,
        query.text,
        filters_of(query, place if near else None),
        sort=query.sort if place or query.sort != "nearest" else "best",
        ignored=frozenset(query.ignored),
        seen_from=place,
    )


def address(name: str, query: Query, **more: str | int) -> str:
    encoded = query.encode(**more)
    return f"{reverse(name)}?{encoded}" if encoded else reverse(name)


def home_of(user, town: int | None) -> Organization | None:
    """The municipality to compare with: the person's own, else the chosen one if it is in reach."""
    own = user.acting.organization if user.acting else None
    if own is not None and own.is_municipality:
        return own
    return towns_for(user).filter(pk=town).first() if town else None


def towns_for(user):
    """The municipalities that somebody without one of their own may compare with."""
    return Organization.objects.for_user(user).municipalities().select_related("prefecture")


def place_of(home: Organization) -> search.Place | None:
    """None where no population is known."""
    newest = Profile.objects.filter(organization=home, population__gt=0).order_by("-fiscal_year")
    population = newest.values_list("population", flat=True).first()
    if population is None:
        return None
    return search.Place(population=population, prefecture=home.prefecture.name, kind=home.municipality_kind)


def filters_of(query: Query, near: search.Place | None) -> search.Filters:
    chosen = {name: frozenset(values) for name, values in query.chosen.items()}
    return search.Filters(
        steps=chosen.get("step", frozenset()),
        fields=chosen.get("field", frozenset()),
        areas=chosen.get("area", frozenset()),
        prefectures=chosen.get("prefecture", frozenset()),
        bands=chosen.get("band", frozenset()),
        kinds=chosen.get("kind", frozenset()),
        documents=chosen.get("document", frozenset()),
        years=chosen.get("year", frozenset()),
        has_cost="cost" in query.flags,
        has_figures="figures" in query.flags,
        near=near,
    )
