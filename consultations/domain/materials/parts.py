"""What other floors add to the page of a session. They register it; the page joins it, and knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from consultations.models import Session
from dxportal.core.accounts.models import User


@dataclass(frozen=True, slots=True)
class SessionPart:
    """``links``: (words, address) for the page's head. ``template``, where it has a section, is drawn with ``context``."""

    links: tuple[tuple[str, str], ...] = ()
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)


Provider = Callable[[Session, User], SessionPart | None]
_providers: dict[str, tuple[int, Provider]] = {}


def register(key: str, provider: Provider, *, order: int = 50) -> None:
    """Adds a part (in ``AppConfig.ready``); the same key replaces the earlier one. None: nothing for this person."""
    _providers[key] = (order, provider)


def parts_of(session: Session, user: User) -> list[SessionPart]:
    """All parts in order."""
    ordered = sorted(_providers.items(), key=lambda entry: (entry[1][0], entry[0]))
    given = (provider(session, user) for _, (_, provider) in ordered)
    return [part for part in given if part is not None]
