"""Words that are nearly another: edit distance in which slips of the ear and the kana keyboard cost half. Pure."""

from collections.abc import Iterable

_PAIRS = (
    "カガ キギ クグ ケゲ コゴ サザ シジ スズ セゼ ソゾ タダ チヂ ツヅ テデ トド "
    "ハバ ヒビ フブ ヘベ ホボ ハパ ヒピ フプ ヘペ ホポ バパ ビピ ブプ ベペ ボポ アァ イィ ウゥ エェ オォ ツッ ヤャ ユュ ヨョ ンソ シツ"
)
CLOSE = frozenset(frozenset(pair) for pair in _PAIRS.split())
LIGHT = "ーッ・ィァェォュ"  # left out or put in by ear


def distance(word: str, other: str, bound: float) -> float:
    """Optimal string alignment; more than ``bound`` where it would exceed it."""
    if abs(len(word) - len(other)) > 2 * bound:
        return bound + 1
    before: list[float] = []  # the rows of the two letters before: a swap looks two back
    row = [0.0]
    for letter in other:
        row.append(row[-1] + _alone(letter))
    for at, letter in enumerate(word, 1):
        older = before
        before = row
        row = [before[0] + _alone(letter)]
        for place, against in enumerate(other, 1):
            cost = min(
                before[place] + _alone(letter),
                row[place - 1] + _alone(against),
                before[place - 1]
                + (0.0 if letter == against else 0.5 if frozenset((letter, against)) in CLOSE else 1.0),
            )
            if at > 1 and place > 1 and letter == other[place - 2] and against == word[at - 2]:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return bound + 1
    return row[-1]


def nearest(word: str, candidates: Iterable[str], most: int) -> list[str]:
    """The candidates within the distance that the word's length allows, nearest first."""
    bound = 1.0 if len(word) <= 4 else 1.5 if len(word) <= 6 else 2.0
    near = (
        (distance(word, candidate, bound), candidate)
        for candidate in candidates
        if abs(len(candidate) - len(word)) <= 3
    )
    return [candidate for far, candidate in sorted(near) if 0 < far <= bound][:most]


def _alone(letter: str) -> float:
    return 0.5 if letter in LIGHT else 1.0
