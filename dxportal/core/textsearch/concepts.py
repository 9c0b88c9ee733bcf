"""From plain words to what is looked up: concepts of one or more units, each with alternatives. Pure but for Sudachi."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from dxportal.core.textsearch.analysis import Word, WordKind, words
from dxportal.core.textsearch.folding import name_key
from dxportal.core.textsearch.thesaurus import SAME, Phrase, Thesaurus, phrase_of
from dxportal.core.textsearch.vectors import PAIR, all_of, any_of, derived, key, phrase, quote
from dxportal.core.textsearch.weights import WEIGHTS, Weights


@dataclass(frozen=True, slots=True)
class Alternative:
    """``query`` decides whether it is there, ``ranked`` where and how often (both tsqueries); ``gain`` from 0 to 1."""

    phrase: Phrase
    gain: float
    query: str
    ranked: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is looked for. ``whole``: a compound as such, of which other units are the parts.

    ``hint``: a part of a compound that the thesaurus knows; it finds what is near, and weighs nothing of its own.
    """

    label: str
    alternatives: tuple[Alternative, ...]
    importance: float
    whole: bool = False
    hint: bool = False
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """``optional``: not being known at all does not count against a document (places that nothing is about)."""

    label: str
    units: tuple[Unit, ...]
    optional: bool = False

    @property
    def parts(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if not unit.whole)


@dataclass(slots=True)
class ReadConcepts:
    """What a text was understood as; ``dropped`` are words that say nothing about what is sought."""

    concepts: list[Concept] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What understanding needs: synonyms, words and phrases to drop, and marks of proper names.

    ``falls_back``: a text of nothing but stop words means them after all. ``aside_mark``: of names that a document
    mentions beside its own; "" where there are none.
    """

    thesaurus: Thesaurus
    stop_words: frozenset[str]
    stop_phrases: Collection[tuple[str, ...]]
    name_mark: str = "="
    aside_mark: str = ""
    weights: Weights = WEIGHTS
    falls_back: bool = True


def without_fallback(lexicon: Lexicon) -> Lexicon:
    """Drops its stop words even from a text that holds nothing else."""
    return replace(lexicon, falls_back=False)


# --- tsqueries of a phrase ----------------------------------------------------------------------------------------


def exact(sequence: Sequence[Word]) -> str:
    """Exactly these words in this order, as written (spellings evened out); "" where there is none."""
    kept = [word.lexeme for word in sequence if word.kind != WordKind.SYMBOL]
    return phrase(kept) if kept else ""


def find_phrase(wanted: Phrase) -> tuple[str, str]:
    """(query, ranked) of a phrase, found as written or as derived."""
    if all(wanted.content):
        pairs = itertools.pairwise(wanted.lexemes)
        written = [f"{lexeme}{PAIR}{following}" for lexeme, following in pairs] or list(wanted.lexemes)
        query = any_of((all_of(map(quote, written)), all_of(quote(derived(lexeme)) for lexeme in written)))
        return query, any_of(map(quote, written))
    meaning = wanted.meaning
    return phrase(wanted.lexemes), any_of(map(quote, meaning or wanted.lexemes))


def _alternative(wanted: Phrase, gain: float) -> Alternative:
    return Alternative(wanted, gain, *find_phrase(wanted))


def _named(lexicon: Lexicon, surface: str) -> list[Alternative]:
    marks = ((lexicon.name_mark, 1.0), (lexicon.aside_mark, lexicon.weights.related))
    lexemes = [(quote(key(mark, name_key(surface))), gain) for mark, gain in marks if mark]
    return [Alternative(Phrase((), ()), gain, lexeme, lexeme) for lexeme, gain in lexemes]


# --- reading ------------------------------------------------------------------------------------------------------


def read(texts: Iterable[str], lexicon: Lexicon, places: Collection[str] = ()) -> ReadConcepts:
    """Concepts of plain texts; ``places``: stretches that are names, taken out of the texts before."""
    reading = ReadConcepts()
    for name in places:
        reading.concepts.append(_place(name, lexicon))
    for text in texts:
        _read(words(text), lexicon, reading)
    if lexicon.falls_back and not reading.concepts and reading.dropped:
        # A query of nothing but words to drop means them after all.
        everything = replace(lexicon, stop_words=frozenset(), stop_phrases=())
        reading.dropped.clear()
        for text in texts:
            _read(words(text), everything, reading)
    return reading


def literal(text: str, lexicon: Lexicon) -> Concept | None:
    """A term of an explicit query: itself and nothing else."""
    sequence = words(text)
    wanted = phrase_of(sequence)
    query = exact(sequence)
    if not query:
        return None
    alternative = Alternative(wanted, 1.0, query, find_phrase(wanted)[1] if wanted.lexemes else query)
    return Concept(text, (Unit(text, (alternative,), 1.0, words=tuple(sequence)),))


def _place(name: str, lexicon: Lexicon) -> Concept:
    sequence = tuple(words(name))
    wanted = phrase_of(sequence)
    alternatives = _named(lexicon, name)
    if sequence and sequence[0].kind == WordKind.PLACE:  # by its sound: 船形町 for 舟形町
        spelling = sequence[0].reading + _surface(sequence[1:])
        lexeme = quote(key(lexicon.name_mark, name_key(spelling)))
        alternatives.append(Alternative(Phrase((), ()), lexicon.weights.same, lexeme, lexeme))
    if len(wanted.lexemes) == len(sequence):  # not what is left of a name in kana that was taken apart (せ・と・市)
        alternatives.append(_alternative(wanted, lexicon.weights.same))
    if len(sequence) > 1 and sequence[0].kind == WordKind.PLACE:  # texts often leave 市 or 県 out
        alternatives.append(_alternative(phrase_of(sequence[:-1]), lexicon.weights.related))
    return Concept(name, (Unit(name, tuple(alternatives), 1.0, words=sequence),), optional=True)


def _read(sequence: list[Word], lexicon: Lexicon, reading: ReadConcepts) -> None:
    run: list[Unit] = []
    at = 0
    while at < len(sequence):
        length, unit = _unit_at(sequence, at, lexicon, reading)
        ends_run = unit is None or not all(word.kind.is_nominal for word in unit.words)
        if ends_run:
            _close(run, lexicon, reading)
        if unit is not None:
            run.append(unit)
            if ends_run:
                _close(run, lexicon, reading)
        at += length
    _close(run, lexicon, reading)


def _unit_at(sequence: list[Word], at: int, lexicon: Lexicon, reading: ReadConcepts) -> tuple[int, Unit | None]:
    known = lexicon.thesaurus.longest_at(sequence, at)
    lexemes = tuple(word.lexeme for word in sequence[at:])
    stop = max((len(stop) for stop in lexicon.stop_phrases if lexemes[: len(stop)] == stop), default=0)
    if stop > known:
        reading.dropped.append(_surface(sequence[at : at + stop]))
        return stop, None
    word = sequence[at]
    if known > 1 or (known == 1 and word.lexeme not in lexicon.stop_words):
        return known, _unit(sequence[at : at + known], lexicon)
    if word.lexeme in lexicon.stop_words and word.kind != WordKind.SYMBOL:
        reading.dropped.append(word.surface)
        return 1, None
    return 1, _unit([word], lexicon) if word.kind.is_content else None


def _unit(sequence: Sequence[Word], lexicon: Lexicon) -> Unit:
    weights = lexicon.weights
    own = phrase_of(sequence)
    alternatives = [_alternative(own, 1.0), *_named(lexicon, _surface(sequence))]
    if len(own.meaning) > 1:
        # All words that mean something, but apart.
        query = all_of(any_of((quote(lexeme), quote(derived(lexeme)))) for lexeme in own.meaning)
        alternatives.append(Alternative(own, weights.loose, query, any_of(map(quote, own.meaning))))
    others = lexicon.thesaurus.others(own.lexemes).items()
    for other, kind in sorted(others, key=lambda item: item[1] != SAME):  # the nearest first: there is a bound
        alternatives.append(_alternative(other, weights.same if kind == SAME else weights.related))
    importance = max(weights.importance(word.kind) for word in sequence)
    return Unit(_surface(sequence), tuple(alternatives), importance, words=tuple(sequence))


def _close(run: list[Unit], lexicon: Lexicon, reading: ReadConcepts) -> None:
    """A run of nominal units becomes one concept: its parts and the whole; a known compound by itself gets hints."""
    if not run:
        return
    unit = run[0]
    units: tuple[Unit, ...] = (unit,)
    if len(run) > 1:
        units = (*run, _whole(run, lexicon))
    elif len(unit.words) > 1 and all(word.kind.is_nominal for word in unit.words):
        parts = [_unit([word], lexicon) for word in unit.words if word.lexeme not in lexicon.stop_words]
        units = (*(replace(part, hint=True, words=()) for part in parts), replace(unit, whole=True))
    reading.concepts.append(Concept("".join(unit.label for unit in run), units))
    run.clear()


def _whole(run: Sequence[Unit], lexicon: Lexicon) -> Unit:
    """The parts one right after the other, each as written or as a synonym of the same meaning."""
    weights = lexicon.weights
    choices = [
        [
            alternative
            for alternative in unit.alternatives
            if alternative.gain >= weights.same and alternative.phrase.lexemes
        ]
        for unit in run
    ]
    alternatives = []
    for parts in itertools.islice(itertools.product(*choices), weights.most_compounds):
        lexemes = tuple(itertools.chain.from_iterable(alternative.phrase.lexemes for alternative in parts))
        content = tuple(itertools.chain.from_iterable(alternative.phrase.content for alternative in parts))
        alternatives.append(_alternative(Phrase(lexemes, content), min(alternative.gain for alternative in parts)))
    label = "".join(unit.label for unit in run)
    sequence = tuple(itertools.chain.from_iterable(unit.words for unit in run))
    return Unit(label, (*alternatives, *_named(lexicon, label)), 1.0, whole=True, words=sequence)


def _surface(sequence: Sequence[Word]) -> str:
    return "".join(word.surface for word in sequence)
