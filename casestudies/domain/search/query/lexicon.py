"""The words of the field that the search knows: synonyms and stop words, read once from ``fixtures/``."""

import functools
import re
from typing import Any

import yaml
from django.conf import settings

from casestudies.domain.search.query.places import SIMILAR
from dxportal.core.kana import even_width
from dxportal.core.organizations.domain.called import NAME
from dxportal.core.textsearch import thesaurus
from dxportal.core.textsearch.analysis import words
from dxportal.core.textsearch.concepts import Lexicon
from dxportal.core.textsearch.folding import CONNECTORS, fold

LATIN_WORDS = re.compile(rf"[A-Za-zＡ-Ｚａ-ｚ]+(?:[ \u3000{CONNECTORS}][A-Za-zＡ-Ｚａ-ｚ]+)*")
BETWEEN = re.compile(rf"([ \u3000{CONNECTORS}])")
FIXTURES = settings.BASE_DIR / "fixtures"


@functools.cache
def lexicon() -> Lexicon:
    synonyms = _read("synonyms.yaml")
    stops = _read("stop_words.yaml")
    alone = (words(text) for text in stops["words"])
    stop_lexemes = [stop[0].lexeme for stop in alone if len(stop) == 1]
    return Lexicon(
        thesaurus=thesaurus.read(synonyms),
        stop_words=frozenset(stop_lexemes) | frozenset(map(fold, stops["words"])),
        stop_phrases=frozenset(tuple(word.lexeme for word in words(text)) for text in stops["phrases"]),
        name_mark=NAME,
        aside_mark=SIMILAR,
    )


def one_writing(text: str) -> str:
    """「AIOCR」, 「AI OCR」 and 「ＡＩ・ＯＣＲ」 as the synonyms write it first: AI-OCR. Other Latin words stay as they are."""
    return LATIN_WORDS.sub(lambda match: _joined(match[0]), text)


def _joined(text: str) -> str:
    parts = BETWEEN.split(text)  # words and what stands between them by turns
    terms = latin_terms()
    written = ""
    at = 0
    while at < len(parts):
        ends = range(len(parts), at, -2)
        end = next((end for end in ends if letters("".join(parts[at:end:2])) in terms), 0)
        written += terms[letters("".join(parts[at:end:2]))] if end else parts[at]
        at = end or at + 1
        written += parts[at] if at < len(parts) else ""
        at += 1
    return written


@functools.cache
def latin_terms() -> dict[str, str]:
    """Latin terms of the synonyms by their letters alone, as each is written first."""
    groups = _read("synonyms.yaml")
    texts = [text for row in groups for name in ("words", "from", "to") for text in row.get(name, ())]
    return {letters(text): text for text in reversed(texts) if LATIN_WORDS.fullmatch(text)}


def letters(text: str) -> str:
    return even_width(BETWEEN.sub("", text)).lower()


def _read(name: str) -> Any:
    """The C loader takes a tenth of the time, where libyaml is there."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FIXTURES / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 -- both are safe
