"""What a register would do, as plain JSON: kept with the file until somebody confirms it, and back for the page."""

from dataclasses import asdict
from typing import Any

from casestudies.domain.content import FieldDifference
from casestudies.domain.contribution.prefill import homes
from casestudies.domain.contribution.register import CHANGED, NEW, UNCHANGED, RegisterEntry, kept
from casestudies.intake.contribution.register import RegisterProblem, read_register
from dxportal.core.intake.book import Book, CellError


def preview_of(book: Book, *, user) -> dict[str, Any]:
    """``problems``; ``counts`` by kind; ``entries`` that change something, for the eye; ``rows`` to be written;
    ``warnings`` to be confirmed one by one; ``notes``.
    """
    known = homes(user)
    register = read_register(book, user=user, home=(known[0].place,) if len(known) == 1 else ())
    changing = [entry for entry in register.entries if entry.kind != UNCHANGED]
    return {
        "problems": [asdict(problem) for problem in register.problems],
        "counts": {kind: sum(entry.kind == kind for entry in register.entries) for kind in (NEW, CHANGED, UNCHANGED)},
        "entries": [
            {
                "kind": entry.kind,
                "title": entry.title,
                "source_id": entry.source_id,
                "differences": [asdict(difference) for difference in entry.differences],
            }
            for entry in changing
        ],
        "rows": kept(register.entries),
        "warnings": [asdict(warning) for warning in register.warnings],
        "notes": list(register.notes),
    }


def problems_of(read: dict[str, Any]) -> list[RegisterProblem]:
    return [RegisterProblem(**(kept | {"error": CellError(**kept["error"])})) for kept in read["problems"]]


def entries_of(read: dict[str, Any]) -> list[RegisterEntry]:
    """Without their contents, which are in ``rows``."""
    return [
        RegisterEntry(
            entry["kind"],
            entry["title"],
            entry["source_id"],
            differences=tuple(FieldDifference(**difference) for difference in entry["differences"]),
        )
        for entry in read["entries"]
    ]
