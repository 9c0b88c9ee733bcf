"""Transition tables: which move leads from which state to which, by whom, and whether it needs a reason. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table. ``roles`` may make the move; ``by_clock``: the portal itself may, too (no person).

    ``reason``: the sentence that asks for a reason where the move needs one; "" where it needs none.
    """

    move: str
    source: str
    target: str
    roles: frozenset[str]
    reason: str = ""
    by_clock: bool = False


@dataclass(frozen=True, slots=True)
class TransitionTable:
    """The rows of one kind of thing; a move and a state name at most one row."""

    rows: tuple[Transition, ...]

    def __post_init__(self):
        keys = [(row.move, row.source) for row in self.rows]
        if len(keys) != len(set(keys)):
            raise ValueError("A move leads from one state to one state.")

    def find(self, move: str, source: str) -> Transition | None:
        return next((row for row in self.rows if row.move == move and row.source == source), None)

    def between(self, source: str, target: str) -> Transition | None:
        """The row that leads from the one state to the other; the first, should there be two moves."""
        return next((row for row in self.rows if (row.source, row.target) == (source, target)), None)

    def possible(self, source: str, role: str) -> frozenset[str]:
        """The moves that the role may make from this state."""
        return frozenset(row.move for row in self.rows if row.source == source and role in row.roles)

    def roles(self, move: str) -> frozenset[str]:
        """Who may make the move from any state."""
        return frozenset().union(*(row.roles for row in self.rows if row.move == move))

    def needs_reason(self, move: str) -> bool:
        return any(row.reason for row in self.rows if row.move == move)

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.rows)


def transitions(
    move: str, sources: Iterable[str], target: str, roles: frozenset[str], *, reason: str = "", by_clock: bool = False
) -> tuple[Transition, ...]:
    """Rows of one move that leads from several states to one."""
    return tuple(Transition(move, source, target, roles, reason, by_clock) for source in sources)
