"""Figures for publishing without names (市町村名秘匿): stand-in labels, and groups too small to hide in. Pure."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import replace
from string import ascii_uppercase

from dxportal.portal.domain.dashboard.content import DashboardTown

FEWEST = 3


def stand_ins(towns: Iterable[int], secret: str) -> dict[int, str]:
    """Town → 「団体A」 in an order that only ``secret`` knows: the same each time, unlike codes or names."""

    def place(town: int) -> bytes:
        return hmac.digest(secret.encode(), str(town).encode(), hashlib.sha256)

    return {town: f"団体{letters(at)}" for at, town in enumerate(sorted(towns, key=place))}


def letters(at: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = ascii_uppercase[rest] + text
    return text


def too_small(part: int, whole: int) -> bool:
    """Fewer than three in the group, or fewer than three outside it: the difference would tell as much."""
    return part < FEWEST or 0 < whole - part < FEWEST


def hidden(towns: Sequence[DashboardTown], secret: str) -> list[DashboardTown]:
    """Municipalities under stand-in names, in their order, without what else would name them."""
    labels = stand_ins([town.id for town in towns], secret)
    anonymous = [
        replace(
            town,
            name=labels[town.id],
            kana="",
            code="",
            bureau="",
            bureau_id=None,
            population=None,
            band="",
            row=None,
            column=None,
            state="",
            now="",
            code_now="",
        )
        for town in towns
    ]
    return sorted(anonymous, key=lambda town: (len(town.name), town.name))
