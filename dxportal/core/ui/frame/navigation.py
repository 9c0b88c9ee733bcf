"""The global menu: apps register their entries in ``AppConfig.ready``; the base template asks for a person's."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_items: list["NavItem"] = []
LONGEST_MENU = 7
HOME = "/"
MANAGEMENT = "ui:management"
# The family of everything about meetings and what came of them, whichever room or floor a page of it is in.
SUPPORT = "よろず相談"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry. ``roles`` empty means every signed-in person.

    ``paths``: further beginnings of addresses that belong to the entry ("/responses/").
    ``managed``: what it is for, where the entry belongs to 管理; a person's managed entries are folded into one.
    ``family``: the words of the one entry of the menu that leads to the first of the family; all of them stand as tabs
    on every page of each of them, and at home.
    """

    label: str
    url_name: str
    roles: frozenset[str] = frozenset()
    order: int = 50
    paths: tuple[str, ...] = ()
    managed: str = ""
    family: str = ""

    def url(self) -> str:
        """The address, or "" while the page does not exist."""
        return address_of(self.url_name, get_urlconf(), get_script_prefix())


@dataclass(frozen=True, slots=True)
class NavLink:
    label: str
    url: str
    current: str  # aria-current: "page", "true" (a page below it) or ""


@lru_cache(maxsize=256)
def address_of(url_name: str, urlconf: str | None, prefix: str) -> str:
    """Asked for on every page; ``urlconf`` and ``prefix`` are what else ``reverse`` goes by."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def register(*items: NavItem) -> None:
    """Adds entries; the same ``url_name`` replaces the earlier one, so that a reload does not double the menu."""
    for item in items:
        _items[:] = [known for known in _items if known.url_name != item.url_name] + [item]


@dataclass(frozen=True, slots=True)
class NavFamily:
    label: str
    links: tuple[NavLink, ...]


def links_for(role: str | None, path: str) -> list[NavLink]:
    """The menu of a role in order, with the entry that ``path`` lies under marked; at most seven."""
    return _marked(_folded(role)[:LONGEST_MENU], path)


def families_for(role: str | None, path: str) -> list[NavFamily]:
    """The families that ``path`` belongs to, each with its entry marked; at home all of them, so that every page of
    theirs is one click away. One of a single entry has no tabs."""
    by_label: dict[str, list[NavItem]] = {}
    for item in _existing(role):
        if item.family:
            by_label.setdefault(item.family, []).append(item)
    families = [NavFamily(label, tuple(_marked(items, path))) for label, items in by_label.items() if len(items) > 1]
    return [family for family in families if path == HOME or any(link.current for link in family.links)]


def _marked(items: Iterable[NavItem], path: str) -> list[NavLink]:
    """As links, the one with the longest beginning of ``path`` marked."""
    shown = [(item, item.url()) for item in items]
    reach = {item: max(map(len, _matching(item, url, path)), default=0) for item, url in shown}
    nearest = max(reach.values(), default=0)

    def current(item: NavItem, url: str) -> str:
        if path == url:
            return "page"
        return "true" if nearest and reach[item] == nearest else ""

    return [NavLink(item.label, url, current(item, url)) for item, url in shown]


def managed_for(role: str | None) -> list[NavItem]:
    """What 管理 holds for a role, in order."""
    return [item for item in _existing(role) if item.managed and not item.family]


def _existing(role: str | None) -> list[NavItem]:
    ordered = sorted(_items, key=lambda item: (item.order, item.label))
    return [item for item in ordered if (not item.roles or role in item.roles) and item.url()]


def _folded(role: str | None) -> list[NavItem]:
    """Families and 管理 as one entry each. A single managed entry stands by itself: a page with one link would be in the
    way."""
    menu: list[NavItem] = []
    items = _existing(role)
    for item in items:
        if not item.family:
            menu.append(item)
        elif item.family not in [entry.label for entry in menu]:
            members = [other for other in items if other.family == item.family]
            menu.append(NavItem(item.family, item.url_name, order=item.order, paths=_below(members)))
    managed = [item for item in menu if item.managed]
    if len(managed) < 2:
        return menu
    folded = NavItem("管理", MANAGEMENT, order=managed[0].order, paths=_below(managed))
    return [item for item in menu if not item.managed] + [folded]


def _below(items: Iterable[NavItem]) -> tuple[str, ...]:
    return tuple(start for item in items for start in (item.url(), *item.paths))


def _matching(item: NavItem, url: str, path: str) -> list[str]:
    starts: Iterable[str] = (url, *item.paths)
    return [start for start in starts if path == start or (start != "/" and path.startswith(start))]
