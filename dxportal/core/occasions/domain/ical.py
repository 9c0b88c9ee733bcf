"""Occasions as iCalendar (RFC 5545). Pure.

The text is written here and not by a library: one takes twice as long for a year's 360 events as a feed may take. The
tests read it with one, as a calendar program does.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dxportal.core.occasions.domain.days import TOKYO

FOLD_AT = 75  # octets a line, without its end
# Control characters are allowed nowhere in a calendar.
ESCAPES = dict.fromkeys((*range(32), 127)) | str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# Japan has no summer time since 1951.
HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//dxportal//occasions//JA",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)
ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Tokyo",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0900",
    "TZNAME:JST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One occasion as a calendar sees it. ``uid`` never changes; moments are aware."""

    uid: str
    sequence: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    changed_at: dt.datetime
    cancelled: bool = False
    place: str = ""
    description: str = ""
    url: str = ""


def calendar_text(name: str, events: Sequence[FeedEvent]) -> bytes:
    """The whole calendar; the same events give the same bytes."""
    lines = [*HEAD, f"X-WR-CALNAME:{escape(name)}", "X-WR-TIMEZONE:Asia/Tokyo", *ZONE]
    for event in events:
        lines.extend(event_lines(event))
    return "".join(f"{fold(line)}\r\n" for line in (*lines, "END:VCALENDAR")).encode()


def event_lines(event: FeedEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    # When the text was last right, and not when it was read: a reader that asks again gets the same bytes.
    yield f"DTSTAMP:{utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{utc(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART;TZID=Asia/Tokyo:{local(event.starts_at)}"
    yield f"DTEND;TZID=Asia/Tokyo:{local(event.ends_at)}"
    yield f"STATUS:{status(event)}"
    yield f"SUMMARY:{escape(event.title)}"
    for name, text in (("LOCATION", event.place), ("DESCRIPTION", event.description)):
        if text:
            yield f"{name}:{escape(text)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "END:VEVENT"


def status(event: FeedEvent) -> str:
    return "CANCELLED" if event.cancelled else "CONFIRMED"


def utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def local(moment: dt.datetime) -> str:
    return moment.astimezone(TOKYO).strftime("%Y%m%dT%H%M%S")


def escape(text: str) -> str:
    return text.replace("\r\n", "\n").translate(ESCAPES)


def fold(line: str) -> str:
    """In pieces of at most 75 octets, never in the middle of a character; a continuation begins with a space."""
    octets = len(line.encode())
    if octets <= FOLD_AT:
        return line
    pieces: list[str] = []
    piece = ""
    room = FOLD_AT
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece = ""
            room = FOLD_AT - 1  # the space counts
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])
