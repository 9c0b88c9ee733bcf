"""What a successor finds open. Other floors add their part here; the page joins them."""

from collections.abc import Callable
from dataclasses import dataclass

from dxportal.core.accounts.models import User


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One open thing: what, where, until when or since when (``note``)."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandoverSection:
    """A heading with its open things; ``none`` is the sentence for an empty one."""

    title: str
    items: tuple[HandoverItem, ...]
    none: str = "ありません。"


Provider = Callable[[User], HandoverSection | None]
_providers: dict[str, tuple[int, Provider]] = {}


def register(key: str, provider: Provider, *, order: int = 50) -> None:
    """Adds a part of the handover page (in ``AppConfig.ready``); the same key replaces the earlier one.

    The provider gets the person whose acting organisation is handed over, and gives None where it has nothing to say.
    """
    _providers[key] = (order, provider)


def sections(user: User) -> list[HandoverSection]:
    """All parts in order."""
    ordered = sorted(_providers.items(), key=lambda entry: (entry[1][0], entry[0]))
    given = (provider(user) for _, (_, provider) in ordered)
    return [section for section in given if section is not None]
