"""The global menu: apps register their entries in ``AppConfig.ready``; the base template asks for a person's."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_items: list["NavItem"] = []
LONGEST_MENU = 7
MANAGEMENT = "ui:management"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry. ``roles`` empty means every signed-in person.

    ``paths``: further beginnings of addresses that belong to the entry ("/responses/").
    ``managed``: what it is for, where the entry belongs to 管理; a person's managed entries are folded into one.
    """

    label: str
    url_name: str
    roles: frozenset[str] = frozenset()
    order: int = 50
    paths: tuple[str, ...] = ()
    managed: str = ""

    def url(self) -> str:
        """The address, or "" while the page does not exist."""
        return _address(self.url_name, get_urlconf(), get_script_prefix())


@dataclass(frozen=True, slots=True)
class NavLink:
    label: str
    url: str
    current: str  # aria-current: "page", "true" (a page below it) or ""


@lru_cache(maxsize=256)
def _address(url_name: str, urlconf: str | None, prefix: str) -> str:
    """Asked for on every page; ``urlconf`` and ``prefix`` are what else ``reverse`` goes by."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def register(*items: NavItem) -> None:
    """Adds entries; the same ``url_name`` replaces the earlier one, so that a reload does not double the menu."""
    for item in items:
        _items[:] = [one for one in _items if one.url_name != item.url_name] + [item]


def links_for(role: str | None, path: str) -> list[NavLink]:
    """The menu of a role in order, with the entry that ``path`` lies under marked; at most seven."""
    shown = [(item, item.url()) for item in _folded(role)][:LONGEST_MENU]
    nearest = max((len(found) for item, url in shown for found in _matching(item, url, path)), default=0)
    return [NavLink(item.label, url, _current(_matching(item, url, path), nearest, url, path)) for item, url in shown]


def managed_for(role: str | None) -> list[NavItem]:
    """What 管理 holds for a role, in order."""
    return [item for item in _existing(role) if item.managed]


def _existing(role: str | None) -> list[NavItem]:
    ordered = sorted(_items, key=lambda item: (item.order, item.label))
    return [item for item in ordered if _may(item, role) and item.url()]


def _folded(role: str | None) -> list[NavItem]:
    """A single managed entry stands by itself: a page with one link would be in the way."""
    items = _existing(role)
    managed = [item for item in items if item.managed]
    if len(managed) < 2:
        return items
    below = tuple(start for item in managed for start in (item.url(), *item.paths))
    one = NavItem("管理", MANAGEMENT, order=managed[0].order, paths=below)
    return [item for item in items if not item.managed] + [one]


def _may(item: NavItem, role: str | None) -> bool:
    return not item.roles or role in item.roles


def _matching(item: NavItem, url: str, path: str) -> list[str]:
    starts: Iterable[str] = (url, *item.paths)
    return [start for start in starts if path == start or (start != "/" and path.startswith(start))]


def _current(matching: list[str], nearest: int, url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if matching and max(map(len, matching)) == nearest else ""
