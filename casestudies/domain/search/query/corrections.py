"""Misspelt katakana, wrongly converted compounds and words left in hiragana, put right by the words that the corpus holds.

A correction is made only where nothing that the person may see holds the word as typed, and something holds the other.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product, zip_longest

from django.db import connection
from psycopg.sql import SQL, Identifier

from casestudies.domain.search.corpus import SeenCorpus
from casestudies.domain.search.index_rows import LONGEST_PHRASE
from casestudies.domain.search.query import kana
from casestudies.domain.search.query.understanding import Correction, QueryReading
from dxportal.core.kana import is_katakana, to_hiragana
from dxportal.core.textsearch.analysis import Word, words
from dxportal.core.textsearch.concepts import Unit, find_phrase
from dxportal.core.textsearch.folding import fold, name_key, spell_out
from dxportal.core.textsearch.language import even
from dxportal.core.textsearch.matching import numbered
from dxportal.core.textsearch.spelling import nearest
from dxportal.core.textsearch.thesaurus import phrase_of

LEAST_LETTERS = 3
LEAST_PHRASE = 4
MOST_TRIED = 12  # stretches and units of a query
MOST_CANDIDATES = 40
MOST_ALIKE = 20
MOST_NEAREST = 8
KANJI = re.compile(r"[\u4e00-\u9fff々]{2,4}")
MOST_SPELLINGS = 4  # of one reading

# Of each candidate one row is enough: there is no counting of what else holds it.
FIRST = SQL("""
SELECT place FROM unnest({queries}::text[]) WITH ORDINALITY AS c (query, place)
WHERE query <> '' AND EXISTS (
    SELECT FROM {table} WHERE vector @@ query::tsquery AND {key} IN ({visible})
)
ORDER BY place LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Known:
    """Cases that hold a unit or something of the same meaning; as typed; in any way."""

    alike: int
    own: int
    any: int


def correct(
    reading: QueryReading, known: Mapping[int, Known], seen: SeenCorpus, ignored: Iterable[str]
) -> tuple[str, list[Correction]]:
    """The text with what was put right, and what that was."""
    text = even(reading.text)
    corrections: list[Correction] = []
    for correction in _left_in_kana(text, seen):
        if correction.code not in ignored:
            text = text.replace(correction.given, correction.meant)
            corrections.append(correction)
    unknown = [
        (unit, held)
        for number, (_, unit) in enumerate(numbered(reading.concepts))
        if unit.words and (held := known.get(number)) and not held.own
    ]
    for unit, held in unknown[:MOST_TRIED]:
        of_unit = _of_unit(unit, held, seen)
        if of_unit and of_unit.code not in ignored and of_unit.given in text:
            text = text.replace(of_unit.given, of_unit.meant)
            corrections.append(of_unit)
    return text, corrections


def _of_unit(unit: Unit, held: Known, seen: SeenCorpus) -> Correction | None:
    given = unit.label
    nominal = all(word.kind.is_nominal for word in unit.words)
    if len(unit.words) > 1 and nominal and (correction := _first(given, _homophones(unit.words, seen), seen)):
        return correction
    if not held.any and nominal and not is_katakana(fold(given)):
        return _first(given, _one_letter_off(unit.words, seen), seen)
    if len(unit.words) == 1 and not held.any and is_katakana(fold(given)) and len(given) >= LEAST_LETTERS:
        return _first(given, _alike(unit.words[0].reading or fold(given), seen), seen)
    return None


def _left_in_kana(text: str, seen: SeenCorpus) -> Iterator[Correction]:
    """Stretches of hiragana that no case holds as typed, in the words of the library that sound the same."""
    for stretch in kana.stretches(text)[:MOST_TRIED]:
        if seen.corpus.known_names({name_key(stretch)}) or _first(stretch, [spell_out(stretch)], seen):
            continue
        spellings = _sounding_like(kana.parts(stretch), seen)
        for runs, particles in kana.splits(stretch, spellings):
            written = []
            for run in runs:
                spelt = map("".join, product(*(spellings[reading][:MOST_SPELLINGS] for reading in run)))
                if correction := _first(stretch, spelt, seen):
                    written.append(correction)
            if len(written) == len(runs):
                pairs = zip_longest(
                    (correction.meant for correction in written), map(to_hiragana, particles), fillvalue=""
                )
                yield Correction(stretch, "".join(map("".join, pairs)))
                break


def _homophones(sequence: tuple[Word, ...], seen: SeenCorpus) -> Iterator[str]:
    """The compound with one or more words replaced by others that sound the same."""
    choices = _sounding_like({word.reading for word in sequence}, seen)
    options = [
        [word.surface, *(other for other in choices.get(word.reading, ()) if other != fold(word.surface))]
        for word in sequence
    ]
    compounds = map("".join, product(*(spellings[:MOST_SPELLINGS] for spellings in options)))
    return islice(compounds, 1, None)  # the first is the compound as typed


def _one_letter_off(sequence: tuple[Word, ...], seen: SeenCorpus) -> Iterator[str]:
    """Tags and keywords of which one letter is another (録画面接), then the compound with such an end (会儀: 会議)."""
    given = fold("".join(word.surface for word in sequence))
    if given[-1] in "市町村区" and LEAST_LETTERS <= len(given) <= LONGEST_PHRASE:
        yield from _differing_by_one(given, seen, is_name=True)
    if LEAST_PHRASE <= len(given) <= LONGEST_PHRASE:
        yield from _differing_by_one(given, seen)
    for count in (1, 2):
        head = "".join(word.surface for word in sequence[:-count])
        tail = "".join(word.surface for word in sequence[-count:])
        if head and KANJI.fullmatch(tail):
            yield from (head + word for word in _differing_by_one(tail, seen))


def _differing_by_one(given: str, seen: SeenCorpus, *, is_name: bool = False) -> list[str]:
    alike = "|".join(f"{re.escape(given[:at])}.{re.escape(given[at + 1 :])}" for at in range(len(given)))
    near = seen.words().filter(word__iregex=f"^({alike})$", is_name=is_name).exclude(word__iexact=given)
    nearby = near.order_by("word").values_list("word", flat=True).distinct()[:MOST_ALIKE]
    return sorted(nearby, key=lambda word: _sound(word) != _sound(given))


def _sound(text: str) -> str:
    return "".join(word.reading for word in words(text))


def _sounding_like(readings: Collection[str], seen: SeenCorpus) -> dict[str, list[str]]:
    spellings: dict[str, list[str]] = {}
    rows = seen.words().filter(reading__in=readings, is_name=False)
    for word, reading in rows.order_by("word").values_list("word", "reading").distinct():
        spellings.setdefault(reading, []).append(word)
    return spellings


def _alike(given: str, seen: SeenCorpus) -> list[str]:
    """Known words that are nearly this one, or two of them that together are (デジタルデバイト)."""
    known = sorted(set(seen.words().filter(is_katakana=True, is_name=False).values_list("word", flat=True)))
    candidates = nearest(given, known, MOST_NEAREST)
    for word in sorted((word for word in known if len(word) >= LEAST_LETTERS), key=len, reverse=True):
        if given.startswith(word) and len(rest := given.removeprefix(word)) >= LEAST_LETTERS:
            candidates += [word + end for end in nearest(rest, known, 2)]
        elif given.endswith(word) and len(rest := given.removesuffix(word)) >= LEAST_LETTERS:
            candidates += [beginning + word for beginning in nearest(rest, known, 2)]
    return candidates


def _first(given: str, candidates: Iterable[str], seen: SeenCorpus) -> Correction | None:
    """The first candidate that a row holds which the person may see."""
    texts = list(dict.fromkeys(islice(candidates, MOST_CANDIDATES)))  # there may be more than anyone can count
    if not texts:
        return None
    phrases = [phrase_of(words(text)) for text in texts]
    queries = [find_phrase(phrase)[0] if phrase.lexemes else "" for phrase in phrases]
    statement = FIRST.format(
        queries=queries, table=Identifier(seen.corpus.table), key=Identifier(seen.corpus.key), visible=seen.visible
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return Correction(given, texts[row[0] - 1]) if row else None
