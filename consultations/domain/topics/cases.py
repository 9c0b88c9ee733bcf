"""Cases of the library that a topic points to.

The library is another app, of which this one knows nothing but keys: the floor above registers who can tell the title
and the address of a case to whoever may see it, and which case an address means.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from consultations.models import Topic
from dxportal.core.accounts.models import User


@dataclass(frozen=True, slots=True)
class LinkedCase:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TopicReference:
    """A link as the page shows it."""

    title: str
    url: str
    is_case: bool


@dataclass(frozen=True, slots=True)
class CaseTeller:
    """``titles(user, keys)``: those of the cases that the person may see. ``find(user, address)``: the key of the case
    that an address of this portal means, None for any other address. ``draft(user, topic)``: the address to which a button
    is sent that makes a draft of a case out of the topic, "" where the person may not."""

    titles: Callable[[User, Collection[int]], Mapping[int, LinkedCase]]
    find: Callable[[User, str], int | None]
    draft: Callable[[User, Topic], str]


_tellers: dict[str, CaseTeller] = {}


def register(name: str, teller: CaseTeller) -> None:
    _tellers[name] = teller


def titles(user: User, keys: Collection[int]) -> dict[int, LinkedCase]:
    """What the person may see of these cases; nothing is asked where there are none."""
    known: dict[int, LinkedCase] = {}
    for teller in _tellers.values() if keys else ():
        known |= teller.titles(user, keys)
    return known


def find(user: User, address: str) -> int | None:
    keys = (teller.find(user, address) for teller in _tellers.values())
    return next((key for key in keys if key is not None), None)


def references(topic: Topic, user: User) -> list[TopicReference]:
    """Links of a topic: a case that the person may not see isn't there."""
    links = list(topic.links.all())
    known = titles(user, [link.case for link in links if link.case is not None])
    shown = []
    for link in links:
        if link.case is None:
            shown.append(TopicReference(link.title or link.url, link.url, False))
        elif link.case in known:
            shown.append(TopicReference(known[link.case].title, known[link.case].url, True))
    return shown


def draft_address(topic: Topic, user: User) -> str:
    return next(filter(None, (teller.draft(user, topic) for teller in _tellers.values())), "")
