"""The words of the field that the search knows: synonyms and stop words, read once from ``fixtures/``."""

import functools
from typing import Any

import yaml
from django.conf import settings

from casestudies.domain.search.query.places import SIMILAR
from dxportal.core.organizations.domain.called import NAME
from dxportal.core.textsearch import thesaurus
from dxportal.core.textsearch.analysis import words
from dxportal.core.textsearch.concepts import Lexicon
from dxportal.core.textsearch.folding import fold

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


def _read(name: str) -> Any:
    """The C loader takes a tenth of the time, where libyaml is there."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FIXTURES / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 -- both are safe
