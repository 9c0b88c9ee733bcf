"""What every door of the search shares: the address read, the person's own municipality, the engine at work."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from casestudies.domain.search import facets, search
from casestudies.domain.search.nothing_found import NEAR, Retries
from casestudies.forms.search.address import SearchAddress
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization, Profile
from dxportal.core.organizations.querysets import OrganizationQuerySet

PAGE_SIZE = 20


@dataclass(frozen=True)
class Inquiry:
    """A search: who seeks what, seen from where, and what the engine found."""

    user: User
    address: SearchAddress
    home: Organization | None
    standpoint: search.Standpoint | None
    result: search.SearchResult

    @cached_property
    def count(self) -> int:
        return self.result.count

    @cached_property
    def facets(self) -> dict[str, list[facets.FacetValue]]:
        return self.result.facets()

    @cached_property
    def retries(self) -> Retries | None:
        """What else to try; only where nothing was found, as it runs further searches."""
        return None if self.count else self.result.retries()

    def near_count(self) -> int:
        """How many of the results are of places like the person's own."""
        return run(self.user, self.address, self.standpoint, near=True).count

    def link(self, address: SearchAddress) -> str:
        """The page of another search."""
        return page_address(address)


def inquire(request: HttpRequest) -> Inquiry:
    """Runs what the address asks for. Nothing in an address is an error."""
    address = SearchAddress.read(request.GET).known()
    home = home_of(request.user, address.town)
    standpoint = standpoint_of(home) if home else None
    result = run(request.user, address, standpoint, near=NEAR in address.flags)
    return Inquiry(request.user, address, home, standpoint, result)


def run(user: User, address: SearchAddress, standpoint: search.Standpoint | None, *, near: bool) -> search.SearchResult:
    """Without a municipality nothing is near."""
    chosen = {facet.key: frozenset(address.chosen.get(facet.parameter, ())) for facet in facets.offered()}
    chosen |= {facet.key: frozenset({facets.YES}) for facet in facets.flags() if facet.parameter in address.flags}
    return search.find(
        user,
        address.text,
        search.SearchFilters(chosen, standpoint if near else None),
        sort=address.sort if standpoint or address.sort != search.NEAREST else search.BEST,
        ignored=frozenset(address.ignored),
        seen_from=standpoint,
    )


def page_address(address: SearchAddress) -> str:
    encoded = address.encode()
    return f"{reverse('casestudies:search')}?{encoded}" if encoded else reverse("casestudies:search")


def home_of(user: User, town: int | None) -> Organization | None:
    """The municipality to compare with: the person's own, else the chosen one if it is in reach."""
    own = user.acting.organization if user.acting else None
    if own is not None and own.is_municipality:
        return own
    return towns_for(user).filter(pk=town).first() if town else None


def towns_for(user: User) -> OrganizationQuerySet:
    """The municipalities that somebody without one of their own may compare with."""
    living = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return living.select_related("prefecture")


def standpoint_of(home: Organization) -> search.Standpoint | None:
    """None where no population is known."""
    newest = Profile.objects.filter(organization=home, population__gt=0).order_by("-fiscal_year")
    population = newest.values_list("population", flat=True).first()
    if population is None:
        return None
    return search.Standpoint(population=population, prefecture=home.prefecture.name, kind=home.municipality_kind)
