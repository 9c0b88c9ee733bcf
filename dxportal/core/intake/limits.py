"""What a file may hold at most: each limit ends the reading at once, whatever the shape of the file."""

import time
from dataclasses import dataclass

from dxportal.core.intake.errors import UnreadableBookError

MEGABYTE = 1024 * 1024
LAST_ROW = 1_048_576  # of the format
LAST_COLUMN = 16_384  # XFD
LONGEST_TEXT = 32_767  # of a cell, in Excel
TAKEN = "Excelブック（.xlsx）またはCSV（.csv）"
BROKEN = f"ファイルが壊れているか、{TAKEN}ではありません。Excelで開いて保存し直してください。"
TOO_MUCH = "ファイルの中身が大きすぎます。不要なシートや画像を除いて保存し直してください。"


TOO_LONG = f"1つのセルの文字が多すぎます。{LONGEST_TEXT:,}文字以内にしてください。"
TOO_SLOW = "ファイルの読み取りに時間がかかりすぎます。不要な行、シート、書式を除くか、分けて保存し直してください。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most. ``file`` and ``unpacked`` in bytes.

    ``parsed`` (bytes) and ``elements`` bound the XML that is read and so the processor time; ``cells`` those with a
    value, ``places`` the memory of rows that are filled far to the right. ``seconds`` of processor time end
    every reading, for shapes that nobody thought of.
    """

    file: int = 10 * MEGABYTE
    unpacked: int = 200 * MEGABYTE
    parts: int = 2000
    sheets: int = 40
    rows: int = 20_000
    columns: int = 400
    cells: int = 400_000
    places: int = 4_000_000
    merges: int = 10_000
    merged_cells: int = 200_000
    parsed: int = 64 * MEGABYTE
    elements: int = 1_000_000
    seconds: float = 1.6


DEFAULT_LIMITS = Limits()


class Budget:
    """What is left to read of one file: bytes of XML, elements and processor time of this thread."""

    def __init__(self, limits: Limits):
        self.parsed = limits.parsed
        self.elements = limits.elements
        self._until = time.thread_time() + limits.seconds

    def take(self, size: int) -> None:
        self.parsed -= size
        if self.parsed < 0:
            raise UnreadableBookError(TOO_MUCH)
        self.look()

    def look(self) -> None:
        """Refuses what takes too long, whatever its shape."""
        if time.thread_time() > self._until:
            raise UnreadableBookError(TOO_SLOW)
