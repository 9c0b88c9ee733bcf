"""What is written of an occasion, as frozen values. Pure."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A body that takes part: the key of an organisation or of a group, or the name of a body from outside.

    ``role`` is a value of ``BodyRole``.
    """

    organization: int | None = None
    group: int | None = None
    name: str = ""
    section: str = ""
    role: str = "participant"

    @property
    def key(self) -> tuple[int | None, int | None, str, str]:
        """What makes it the same body, whatever its part is."""
        return (self.organization, self.group, self.name, self.section)


@dataclass(frozen=True, slots=True)
class OccasionDraft:
    """All that a person writes of an occasion. ``starts_at`` is aware; ``kinds`` are codes of ``OccasionKind``."""

    title: str
    starts_at: dt.datetime
    minutes: int = 60
    mode: str = "onsite"
    place: str = ""
    address: str = ""
    agenda: str = ""
    kinds: tuple[str, ...] = ()
    bodies: tuple[BodyPart, ...] = ()


# The columns of an occasion that a draft fills as they are.
PLAIN = ("title", "starts_at", "minutes", "mode", "place", "address", "agenda")
# Those of them that a calendar shows; a change of any raises the sequence.
IN_CALENDARS = ("title", "starts_at", "minutes", "mode", "place", "address")


@dataclass(frozen=True, slots=True)
class Guest:
    """A row of attendance. ``body``: the key of the occasion's body; ``pk``: the stored row that it changes, if any.

    ``supporter``: a key of the register of supporters, who came in ``capacity`` (a code of its list).
    """

    body: int | None = None
    supporter: int | None = None
    user: int | None = None
    name: str = ""
    capacity: str = ""
    section: str = ""
    how: str = "venue"
    persons: int = 1
    pk: int | None = None
