"""How many people hold a capacity on a day. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """A person in a capacity from a first to a last day (None: no end), both included."""

    person: int
    capacity: str
    first_day: dt.date
    last_day: dt.date | None = None
    field: str = ""

    def is_held_on(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def in_capacity(posts: Iterable[Post], codes: Iterable[str], day: dt.date) -> int:
    """Posts of the roster: each person once a capacity, whatever fields they hold it in."""
    wanted = frozenset(codes)
    return len({(post.person, post.capacity) for post in posts if post.capacity in wanted and post.is_held_on(day)})


def people_on(posts: Iterable[Post], day: dt.date) -> int:
    """Different people, each once however many capacities they combine (15 posts are 11 people in source 004)."""
    return len({post.person for post in posts if post.is_held_on(day)})
