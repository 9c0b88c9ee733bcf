"""The definitions on the screen and in the documents are the same."""

from pathlib import Path

from dxportal.portal.definitions import DEFINITIONS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")


def test_the_document_says_what_the_pages_say():
    for definition in DEFINITIONS:
        for part in (
            definition.title,
            definition.meaning,
            definition.formula,
            definition.denominator,
            definition.as_of,
            definition.source,
            definition.note,
        ):
            assert part in TEXT, definition.slug
