"""Japanese text as words: SudachiPy's short units in one normalised spelling, with their place in the text."""

import functools
import threading
from array import array
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from sudachipy import Dictionary, Morpheme, SplitMode

from dxportal.core.kana import is_katakana
from dxportal.core.names import SELECTED
from dxportal.core.textsearch.folding import CONNECTED, fold, repair

LONGEST_INPUT = 8000  # characters; Sudachi takes 49,149 bytes at once
LONGEST_WORD = 60  # characters; PostgreSQL takes 2,046 bytes
CACHE_SIZE = 300_000
# Texts whose words are remembered, and up to which length: some 30 megabytes at the very most.
REMEMBERED_TEXTS, LONGEST_REMEMBERED = 2000, 1500


class WordKind(IntEnum):
    """What a word is for the search. From ``NOUN`` up a word carries meaning by itself."""

    SPACE = 0
    SYMBOL = 1
    PARTICLE = 2
    HELPER = 3  # verbs and adjectives that help others, pronouns, adverbs of asking
    NOUN = 4
    ACTION = 5  # nouns of doing: 見直し, 共有
    AFFIX = 6
    PLACE = 7
    NUMBER = 8
    VERB = 9
    ADJECTIVE = 10
    ADVERB = 11

    @property
    def is_content(self) -> bool:
        return self >= WordKind.NOUN

    @property
    def is_nominal(self) -> bool:
        return WordKind.NOUN <= self <= WordKind.NUMBER


class Word(NamedTuple):
    """``start`` and ``end`` count characters of the text as given."""

    lexeme: str
    kind: WordKind
    surface: str
    start: int
    end: int
    reading: str


class PlacedWords(NamedTuple):
    """The words of a text without spaces and symbols: word n reaches from ``starts[n]`` to ``ends[n]``."""

    lexemes: tuple[str, ...]
    starts: "array[int]"
    ends: "array[int]"


ShortUnit = tuple[str, WordKind, str, str, bool]  # lexeme, kind, as written, reading, whether that is katakana

_FIRST = {
    "空白": WordKind.SPACE,
    "補助記号": WordKind.SYMBOL,
    "記号": WordKind.SYMBOL,
    "助詞": WordKind.PARTICLE,
    "助動詞": WordKind.PARTICLE,
    "感動詞": WordKind.HELPER,
    "接続詞": WordKind.HELPER,
    "連体詞": WordKind.HELPER,
    "代名詞": WordKind.HELPER,
    "接頭辞": WordKind.AFFIX,
    "接尾辞": WordKind.AFFIX,
    "形状詞": WordKind.ADJECTIVE,
    "形容詞": WordKind.ADJECTIVE,
    "副詞": WordKind.ADVERB,
    "動詞": WordKind.VERB,
    "名詞": WordKind.NOUN,
}
_SECOND = {
    ("形状詞", "助動詞語幹"): WordKind.PARTICLE,
    ("形容詞", "非自立可能"): WordKind.HELPER,
    ("動詞", "非自立可能"): WordKind.HELPER,
    ("接尾辞", "動詞的"): WordKind.HELPER,
    ("接尾辞", "形容詞的"): WordKind.HELPER,
    ("接尾辞", "形状詞的"): WordKind.HELPER,
    ("名詞", "数詞"): WordKind.NUMBER,
    ("名詞", "助動詞語幹"): WordKind.PARTICLE,
}


def _kind_of(pos: tuple[str, ...]) -> WordKind:
    if pos[2] == "地名":
        return WordKind.PLACE
    if pos[2] == "サ変可能":
        return WordKind.ACTION
    return _SECOND.get((pos[0], pos[1])) or _FIRST.get(pos[0], WordKind.NOUN)


class _Tools(threading.local):
    """Sudachi's tokenizer serves one thread at a time; the dictionary behind it is shared."""

    def __init__(self):
        self.short = _dictionary().tokenizer(mode=SplitMode.A)
        self.long = _dictionary().tokenizer(mode=SplitMode.C)
        self.units: dict[int, ShortUnit] = {}


_lock = threading.Lock()
_loaded: list[Dictionary] = []


def _dictionary() -> Dictionary:
    with _lock:
        if not _loaded:
            _loaded.append(Dictionary(dict="core"))
        return _loaded[0]


_tools: list[_Tools] = []


def _mine() -> _Tools:
    if not _tools:
        _dictionary()
        _tools.append(_Tools())
    return _tools[0]


def units(text: str) -> list[ShortUnit]:
    """Each word, spaces left out: the quick way, for indexing."""
    tools = _mine()
    if len(tools.units) > CACHE_SIZE:
        tools.units.clear()
    known = tools.units.get
    short_units: list[ShortUnit] = []
    for piece in _pieces(repair(SELECTED.sub("", text))):
        morphemes = tools.short.tokenize(piece)
        spoken = [unit for word in morphemes if (unit := known(word.word_id()) or _unit(word, tools.units))[1]]
        if CONNECTED.search(piece):
            silent = connectors([(unit[1], unit[2]) for unit in spoken])
            spoken = [unit for at, unit in enumerate(spoken) if at not in silent]
        short_units += spoken
    return short_units


def connectors(written: Sequence[tuple[WordKind, str]]) -> set[int]:
    """Which of these words (kind, as written) are signs that say nothing: what they stand between are neighbours."""
    return {
        at
        for at in range(1, len(written) - 1)
        if written[at][0] == WordKind.SYMBOL
        and CONNECTED.fullmatch(f"{written[at - 1][1][-1:]}{written[at][1]}{written[at + 1][1][:1]}")
    }


def _unit(morpheme: Morpheme, known: dict[int, ShortUnit]) -> ShortUnit:
    written, reading = fold(morpheme.surface())[:LONGEST_WORD], morpheme.reading_form()[:LONGEST_WORD]
    unit = _lexeme(morpheme), _kind_of(morpheme.part_of_speech()), written, reading, is_katakana(written)
    # Every unknown word has the same few ids, those of its character class.
    if not morpheme.is_oov():
        known[morpheme.word_id()] = unit
    return unit


def words(text: str) -> list[Word]:
    """Every word but spaces, with its place and reading."""
    if SELECTED.search(text):
        kept = _kept(text)
        return [
            word._replace(start=kept[word.start], end=kept[word.end - 1] + 1) for word in words(SELECTED.sub("", text))
        ]
    placed: list[Word] = []
    base = 0
    for piece in _pieces(repair(text)):
        for morpheme in _mine().short.tokenize(piece):
            kind = _kind_of(morpheme.part_of_speech())
            if kind:
                start, end = base + morpheme.begin(), base + morpheme.end()
                reading = morpheme.reading_form()
                placed.append(Word(_lexeme(morpheme), kind, text[start:end], start, end, reading))
        base += len(piece)
    silent = connectors([(word.kind, word.surface) for word in placed]) if CONNECTED.search(text) else ()
    return [word for at, word in enumerate(placed) if at not in silent]


def placed_words(text: str) -> PlacedWords:
    """The quick way to mark words in a text: no readings, and texts that are shown again are not analysed again."""
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else _placed(text)


def _placed(text: str) -> PlacedWords:
    if SELECTED.search(text):
        kept = _kept(text)
        plain = _placed(SELECTED.sub("", text))
        starts = array("I", [kept[start] for start in plain.starts])
        return PlacedWords(plain.lexemes, starts, array("I", [kept[end - 1] + 1 for end in plain.ends]))
    tools = _mine()
    known = tools.units.get
    lexemes: list[str] = []
    starts, ends = array("I"), array("I")
    base = 0
    for piece in _pieces(repair(text)):
        morphemes = tools.short.tokenize(piece)
        units_of_piece = [known(morpheme.word_id()) or _unit(morpheme, tools.units) for morpheme in morphemes]
        # Morphemes cover the piece without a gap: each ends where the next begins.
        bounds = [base + morpheme.begin() for morpheme in morphemes] + [base + len(piece)]
        kept = [at for at, unit in enumerate(units_of_piece) if unit[1] > WordKind.SYMBOL]
        lexemes += [units_of_piece[at][0] for at in kept]
        starts.extend([bounds[at] for at in kept])
        ends.extend([bounds[at + 1] for at in kept])
        base += len(piece)
    return PlacedWords(tuple(lexemes), starts, ends)


def _kept(text: str) -> list[int]:
    """Where the letters stand that are no variation selectors: Sudachi takes those for words of their own."""
    return [at for at, letter in enumerate(text) if not SELECTED.match(letter)]


_remembered = functools.lru_cache(maxsize=REMEMBERED_TEXTS)(_placed)


def place_names(text: str) -> list[tuple[int, int, str]]:
    """(start, end, as written) of what the dictionary knows as a place, in its longest form (酒田市)."""
    names = []
    for morpheme in _mine().long.tokenize(repair(text[:LONGEST_INPUT])):
        if _kind_of(morpheme.part_of_speech()) == WordKind.PLACE:
            names.append((morpheme.begin(), morpheme.end(), morpheme.surface()))
    return names


def _lexeme(morpheme: Morpheme) -> str:
    return fold(morpheme.normalized_form())[:LONGEST_WORD]


def _pieces(text: str) -> Iterator[str]:
    if len(text) <= LONGEST_INPUT:
        yield text
        return
    start = 0
    while start < len(text):
        end = min(start + LONGEST_INPUT, len(text))
        if end < len(text):
            cut = max(text.rfind(mark, start, end) for mark in "\n。、 ")
            end = cut + 1 if cut > start else end
        yield text[start:end]
        start = end
