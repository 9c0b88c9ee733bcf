from pathlib import Path

import pytest
import yaml
from django.conf import settings

from dxportal.core.textsearch.analysis import LONGEST_INPUT, LONGEST_REMEMBERED, WordKind, placed_words, words

CASES = sorted(Path(settings.BASE_DIR, "fixtures", "cases").glob("0*.yaml"))


def texts_of(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for inner in values for text in texts_of(inner)]


def as_words(text: str) -> list[tuple[str, int, int]]:
    return [(word.lexeme, word.start, word.end) for word in words(text) if word.kind != WordKind.SYMBOL]


def as_placed(text: str) -> list[tuple[str, int, int]]:
    return list(zip(*placed_words(text), strict=True))


@pytest.mark.parametrize("file", CASES[::6], ids=lambda file: file.stem)
def test_the_quick_analysis_finds_the_same_words_in_the_same_places(file):
    texts = texts_of(yaml.safe_load(file.read_text(encoding="utf-8")))

    assert texts
    assert [as_placed(text) for text in texts] == [as_words(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["", " ", "。", "窓口　の\n改革", "㍿DX①", "😀窓口\ud800", "オ－プンデ－タ・サイト", "か\u3099くしゅう"]
)
def test_no_text_puts_the_words_elsewhere(text):
    assert as_placed(text) == as_words(text)


def test_long_texts_keep_their_places():
    text = "窓口の改革を、" * (LONGEST_INPUT // 7 + LONGEST_REMEMBERED)

    assert as_placed(text) == as_words(text)
