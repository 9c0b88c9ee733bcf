"""What every door of the search shares: the address read, the person's own municipality, the engine at work."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from casestudies.domain.search import facets, search
from casestudies.domain.search.corpus import CASES, Corpus
from casestudies.domain.search.nothing_found import NEAR, Retries
from casestudies.forms.search.address import SearchAddress
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization, Profile
from dxportal.core.organizations.querysets import OrganizationQuerySet

PAGE_SIZE = 20
PAGE = "casestudies:search"


@dataclass(frozen=True)
class Inquiry:
    """A search: who seeks what, seen from where, and what the engine found. ``page``: the name of its page's address."""

    user: User
    address: SearchAddress
    home: Organization | None
    standpoint: search.Standpoint | None
    result: search.SearchResult
    page: str = PAGE

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
        return self.run(self.address, near=True).count

    def run(self, address: SearchAddress, *, near: bool) -> search.SearchResult:
        """The same person's search for something else."""
        return run(self.user, address, self.standpoint, near=near, corpus=self.result.corpus)

    def link(self, address: SearchAddress) -> str:
        """The page of another search."""
        return page_address(address, self.page)


def inquire(
    request: HttpRequest, read: type[SearchAddress] = SearchAddress, page: str = PAGE, corpus: Corpus = CASES
) -> Inquiry:
    """Runs what the address asks for. Nothing in an address is an error."""
    address = read.read(request.GET).known()
    home = home_of(request.user, address.town)
    standpoint = standpoint_of(home) if home else None
    result = run(request.user, address, standpoint, near=NEAR in address.flags, corpus=corpus)
    return Inquiry(request.user, address, home, standpoint, result, page)


def run(
    user: User, address: SearchAddress, standpoint: search.Standpoint | None, *, near: bool, corpus: Corpus = CASES
) -> search.SearchResult:
    """Without a municipality nothing is near."""
    table = address.facets
    chosen = {facet.key: frozenset(address.chosen.get(facet.parameter, ())) for facet in table.offered()}
    chosen |= {facet.key: frozenset({facets.YES}) for facet in table.flags() if facet.parameter in address.flags}
    return search.find(
        user,
        address.text,
        search.SearchFilters(chosen, standpoint if near else None),
        sort=address.sort if standpoint or address.sort != search.NEAREST else search.BEST,
        ignored=frozenset(address.ignored),
        seen_from=standpoint,
        corpus=corpus,
    )


def page_address(address: SearchAddress, page: str = PAGE) -> str:
    encoded = address.encode()
    return f"{reverse(page)}?{encoded}" if encoded else reverse(page)


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
