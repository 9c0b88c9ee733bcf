"""同じ悩み: what other towns released about a text.

Searching is the portal floor's, which knows the engine; it registers the finder.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dxportal.core.accounts.models import User

MOST = 5


@dataclass(frozen=True, slots=True)
class AlikeTopic:
    """Of a released topic what everybody in the prefecture may read; ``url``: where it is found."""

    pk: int
    title: str
    town: str
    summary: str
    year: int | None
    know_how: bool
    url: str


@dataclass(frozen=True, slots=True)
class AlikeFinder:
    """``find(user, text, but)``: the best first, without the topic of the key ``but``. ``address()``: where a form asks
    for the same while somebody types."""

    find: Callable[[User, str, int | None], list[AlikeTopic]]
    address: Callable[[], str]


_finders: list[AlikeFinder] = []


def register(finder: AlikeFinder) -> None:
    """One for the whole portal: another replaces it."""
    _finders[:] = [finder]


def alike(user: User, text: str, but: int | None = None) -> list[AlikeTopic]:
    """At most ``MOST``; none for a text that says nothing."""
    return _finders[0].find(user, text, but)[:MOST] if _finders and text.strip() else []


def asked_at() -> str:
    return _finders[0].address() if _finders else ""
