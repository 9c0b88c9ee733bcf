"""The door of this package: what a reader of files needs, from one place."""

from dxportal.core.intake.errors import CellError, UnreadableBookError
from dxportal.core.intake.limits import DEFAULT_LIMITS, Limits
from dxportal.core.intake.neutral import Book, BookSheet, Cell, CellKind, Check, run_checks
from dxportal.core.intake.reader import read_book, read_filled_book
from dxportal.core.intake.tables import Headings, Record, Table, find_table

__all__ = [
    "DEFAULT_LIMITS",
    "Book",
    "BookSheet",
    "Cell",
    "CellError",
    "CellKind",
    "Check",
    "Headings",
    "Limits",
    "Record",
    "Table",
    "UnreadableBookError",
    "find_table",
    "read_book",
    "read_filled_book",
    "run_checks",
]
