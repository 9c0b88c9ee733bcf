"""The door of this package: what a reader of files needs, from one place."""

from dxportal.core.intake.errors import CellError, UnreadableBookError
from dxportal.core.intake.neutral import Book, BookSheet, Cell, Check, run_checks
from dxportal.core.intake.reader import DEFAULT_LIMITS, Limits, read_book

__all__ = [
    "DEFAULT_LIMITS",
    "Book",
    "BookSheet",
    "Cell",
    "CellError",
    "Check",
    "Limits",
    "UnreadableBookError",
    "read_book",
    "run_checks",
]
