"""Words typed in hiragana and never converted (しょうひんけん): split into readings that the library knows. Pure."""

import re
from collections.abc import Collection, Sequence
from functools import cache

from dxportal.core.kana import to_katakana
from dxportal.core.textsearch.folding import apart

_ENDS = r"(?![^\s、。」）)?？])"
# By itself, or at the end of a short compound (推進ほんぶ); inside a sentence hiragana are endings.
_ALONE = re.compile(rf"(?<![^\s、。「（(])[ぁ-ゖー]{{4,24}}{_ENDS}")
_LAST = re.compile(rf"(?<![^\s、。「（(])[^\s、。「（(ぁ-ゖ]{{1,8}}([ぁ-ゖー]{{3,12}}){_ENDS}")
PARTICLES = frozenset("ノトヲデニガハモヤ")
LEAST_LETTERS = 2  # of a reading
MOST_SPLITS = 4

Runs = tuple[tuple[str, ...], ...]  # of readings, a particle between each two


def stretches(text: str) -> list[str]:
    """What may be a word that was left in hiragana."""
    text = apart(text)
    alone = [match[0] for match in _ALONE.finditer(text)]
    return list(dict.fromkeys([*alone, *(match[1] for match in _LAST.finditer(text))]))


def parts(stretch: str) -> set[str]:
    """Every reading that may stand in it, in katakana."""
    sound = to_katakana(stretch)
    bounds = range(len(sound) + 1)
    return {sound[start:end] for start in bounds for end in bounds[start + LEAST_LETTERS :]}


def splits(stretch: str, readings: Collection[str]) -> list[tuple[Runs, tuple[str, ...]]]:
    """(runs of readings, the particles between them), those of the fewest pieces first; none where it can't be."""
    sound = to_katakana(stretch)

    @cache
    def fewest(start: int) -> list[tuple[str, ...]]:
        if start == len(sound):
            return [()]
        pieces: list[tuple[str, ...]] = []
        for end in range(start + 1, len(sound) + 1):
            piece = sound[start:end]
            between = piece in PARTICLES and start > 0 and end < len(sound)
            if piece in readings or between:
                pieces += [(piece, *rest) for rest in fewest(end) if not (between and rest[0] in PARTICLES)]
        return sorted(pieces, key=len)[:MOST_SPLITS]

    return [_grouped(pieces) for pieces in fewest(0)]


def _grouped(pieces: Sequence[str]) -> tuple[Runs, tuple[str, ...]]:
    runs: list[list[str]] = [[]]
    between = []
    for piece in pieces:
        if piece in PARTICLES:
            between.append(piece)
            runs.append([])
        else:
            runs[-1].append(piece)
    return tuple(map(tuple, runs)), tuple(between)
