"""What can be wrong with a file, told by cell."""

from dataclasses import dataclass
from typing import Literal

from openpyxl.utils import column_index_from_string

Severity = Literal["error", "warning"]


class UnreadableBookError(ValueError):
    """The file as a whole cannot be taken; ``str(error)`` is the sentence for the screen."""


@dataclass(frozen=True, slots=True)
class CellError:
    """One problem at one cell. ``row`` 0 and ``column`` "" speak of the sheet as a whole."""

    sheet: str
    row: int
    column: str
    code: str
    message: str
    severity: Severity = "error"

    @property
    def cell(self) -> str:
        """「B12」, or "" for the whole sheet."""
        return f"{self.column}{self.row}" if self.row else ""

    @property
    def order(self) -> tuple[str, int, int, str]:
        return (self.sheet, self.row, column_index_from_string(self.column) if self.column else 0, self.code)
