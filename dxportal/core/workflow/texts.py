"""Texts that several people write at once: none is ever lost. Pure.

A save says what the person saw when beginning to type (``seen``, a mark of that text). Where something else is stored by
now, both are shown and nothing is written. The same text again is no error, so every save may be repeated.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypedText:
    text: str
    seen: str


@dataclass(frozen=True, slots=True)
class TextConflict:
    """What is stored beside what was typed."""

    name: str
    label: str
    stored: str
    typed: str


def mark(text: str) -> str:
    """What tells one state of a text from another."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:20]


def fits(stored: str, typed: TypedText) -> bool:
    return stored == typed.text or mark(stored) == typed.seen


def conflicts(
    stored: Mapping[str, str], typed: Mapping[str, TypedText], labels: Mapping[str, str]
) -> tuple[TextConflict, ...]:
    """The texts that somebody else changed to something else since they were seen."""
    return tuple(
        TextConflict(name, labels[name], stored[name], entry.text)
        for name, entry in typed.items()
        if not fits(stored[name], entry)
    )
