"""Misspelt katakana, wrongly converted compounds and words left in hiragana, put right by the words that the library holds.

A correction is made only where nothing that the person may see holds the word as typed, and something holds the other.
"""

# ruff: noqa: S608 -- what is put into the SQL are names of tables and columns; values are parameters
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product, zip_longest

from django.db import connection

from casestudies.domain.search.index_rows import LONGEST_PHRASE
from casestudies.domain.search.query import kana
from casestudies.domain.search.query.lexicon import known_names
from casestudies.domain.search.query.understanding import Correction, Reading
from casestudies.models import CaseIndex, IndexedWord
from dxportal.core.kana import is_katakana, to_hiragana
from dxportal.core.textsearch.analysis import Word, words
from dxportal.core.textsearch.concepts import Unit, find_phrase
from dxportal.core.textsearch.folding import fold, name_key, spell_out
from dxportal.core.textsearch.matching import Sql, numbered
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


@dataclass(frozen=True, slots=True)
class Known:
    """Cases that hold a unit or something of the same meaning; as typed; in any way."""

    alike: int
    own: int
    any: int


def correct(
    reading: Reading, known: Mapping[int, Known], visible: Sql, ignored: Iterable[str]
) -> tuple[str, list[Correction]]:
    """The text with what was put right, and what that was."""
    text, made = reading.text, []
    for correction in _left_in_kana(text, visible):
        if correction.code not in ignored:
            text = text.replace(correction.given, correction.meant)
            made.append(correction)
    unknown = [
        (unit, seen)
        for number, (_, unit) in enumerate(numbered(reading.concepts))
        if unit.words and (seen := known.get(number)) and not seen.own
    ]
    for unit, seen in unknown[:MOST_TRIED]:
        correction = _of_unit(unit, seen, visible)
        if correction and correction.code not in ignored and correction.given in text:
            text = text.replace(correction.given, correction.meant)
            made.append(correction)
    return text, made


def _of_unit(unit: Unit, seen: Known, visible: Sql) -> Correction | None:
    given = unit.label
    nominal = all(word.kind.is_nominal for word in unit.words)
    if len(unit.words) > 1 and nominal and (found := _first(given, _homophones(unit.words), visible)):
        return found
    if not seen.any and nominal and not is_katakana(fold(given)):
        return _first(given, _one_letter_off(unit.words), visible)
    if len(unit.words) == 1 and not seen.any and is_katakana(fold(given)) and len(given) >= LEAST_LETTERS:
        return _first(given, _alike(unit.words[0].reading or fold(given)), visible)
    return None


def _left_in_kana(text: str, visible: Sql) -> Iterator[Correction]:
    """Stretches of hiragana that no case holds as typed, in the words of the library that sound the same."""
    for stretch in kana.stretches(text)[:MOST_TRIED]:
        if known_names({name_key(stretch)}) or _first(stretch, [spell_out(stretch)], visible):
            continue
        spellings = _sounding_like(kana.parts(stretch))
        for runs, between in kana.ways(stretch, spellings):
            written = [_first(stretch, _spelt(run, spellings), visible) for run in runs]
            if all(written):
                particles = [to_hiragana(one) for one in between]
                pairs = zip_longest((one.meant for one in written), particles, fillvalue="")
                yield Correction(stretch, "".join(map("".join, pairs)))
                break


def _spelt(run: Sequence[str], spellings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    return map("".join, product(*(spellings[one][:MOST_SPELLINGS] for one in run)))


def _homophones(found: tuple[Word, ...]) -> Iterator[str]:
    """The compound with one or more words replaced by others that sound the same."""
    choices = _sounding_like({one.reading for one in found})
    every = [
        [one.surface, *(word for word in choices.get(one.reading, ()) if word != fold(one.surface))] for one in found
    ]
    made = map("".join, product(*(options[:MOST_SPELLINGS] for options in every)))
    return islice(made, 1, None)  # the first is the compound as typed


def _one_letter_off(found: tuple[Word, ...]) -> Iterator[str]:
    """Tags and keywords of which one letter is another (録画面接), then the compound with such an end (会儀: 会議)."""
    given = fold("".join(word.surface for word in found))
    if given[-1] in "市町村区" and LEAST_LETTERS <= len(given) <= LONGEST_PHRASE:
        yield from _differing_by_one(given, is_name=True)
    if LEAST_PHRASE <= len(given) <= LONGEST_PHRASE:
        yield from _differing_by_one(given)
    for count in (1, 2):
        head = "".join(word.surface for word in found[:-count])
        tail = "".join(word.surface for word in found[-count:])
        if head and KANJI.fullmatch(tail):
            yield from (head + word for word in _differing_by_one(tail))


def _differing_by_one(given: str, *, is_name: bool = False) -> list[str]:
    alike = "|".join(f"{re.escape(given[:at])}.{re.escape(given[at + 1 :])}" for at in range(len(given)))
    near = IndexedWord.objects.filter(word__iregex=f"^({alike})$", is_name=is_name).exclude(word__iexact=given)
    found = near.order_by("word").values_list("word", flat=True)[:MOST_ALIKE]
    return sorted(found, key=lambda word: _sound(word) != _sound(given))


def _sound(text: str) -> str:
    return "".join(word.reading for word in words(text))


def _sounding_like(readings: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = IndexedWord.objects.filter(reading__in=readings, is_name=False)
    for word, reading in rows.order_by("word").values_list("word", "reading"):
        found.setdefault(reading, []).append(word)
    return found


def _alike(given: str) -> list[str]:
    """Known words that are nearly this one, or two of them that together are (デジタルデバイト)."""
    known = list(IndexedWord.objects.filter(is_katakana=True, is_name=False).values_list("word", flat=True))
    found = nearest(given, known, MOST_NEAREST)
    for word in sorted((one for one in known if len(one) >= LEAST_LETTERS), key=len, reverse=True):
        if given.startswith(word) and len(rest := given.removeprefix(word)) >= LEAST_LETTERS:
            found += [word + one for one in nearest(rest, known, 2)]
        elif given.endswith(word) and len(rest := given.removesuffix(word)) >= LEAST_LETTERS:
            found += [one + word for one in nearest(rest, known, 2)]
    return found


def _first(given: str, candidates: Iterable[str], visible: Sql) -> Correction | None:
    """The first candidate that a case holds which the person may see."""
    texts = list(dict.fromkeys(islice(candidates, MOST_CANDIDATES)))  # there may be more than anyone can count
    queries = [find_phrase(wanted)[0] if (wanted := phrase_of(words(text))).lexemes else "" for text in texts]
    if not texts:
        return None
    statement = (
        "SELECT place FROM unnest(%s::text[]) WITH ORDINALITY AS c (query, place) WHERE query <> '' AND EXISTS "
        f"(SELECT FROM {CaseIndex._meta.db_table} WHERE vector @@ query::tsquery AND case_id IN ({visible.text})) "
        "ORDER BY place LIMIT 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, (queries, *visible.params))
        row = cursor.fetchone()
    return Correction(given, texts[row[0] - 1]) if row else None
