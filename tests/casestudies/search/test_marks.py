import cProfile
import pstats
from types import SimpleNamespace

import pytest

from casestudies.domain.search.marks import FIELDS, Marker
from casestudies.domain.search.query.understanding import understand

pytestmark = pytest.mark.django_db
ANALYSIS = ("core/textsearch/", "sudachipy")


def case(**texts: str) -> SimpleNamespace:
    return SimpleNamespace(**(dict.fromkeys(FIELDS, "") | texts))


def marked(pieces: list[tuple[str, bool]]) -> list[str]:
    return [text for text, matched in pieces if matched]


def test_the_pieces_of_a_text_are_the_text():
    text = "窓口の待ち時間を、予約で減らした。"
    pieces = Marker(understand("窓口の予約")).highlight(text)

    assert "".join(text for text, _ in pieces) == text
    assert marked(pieces) == ["窓口", "予約"]


def test_a_compound_is_marked_as_one_and_its_parts_alone():
    marker = Marker(understand("電子決裁"))

    assert marked(marker.highlight("電子決裁を入れた。")) == ["電子決裁"]
    assert marked(marker.highlight("決裁を急ぐ。")) == ["決裁"]


def test_without_words_nothing_is_marked():
    assert Marker(understand("")).highlight("窓口の改革") == [("窓口の改革", False)]


def test_the_snippet_is_of_the_text_that_holds_most():
    marker = Marker(understand("窓口 予約"))

    assert marker.snippet(case(summary="窓口を直した。", outcome="窓口の予約が増えた。"))[0] == ("窓口", True)
    assert marked(marker.snippet(case(summary="窓口を直した。", outcome="窓口の予約が増えた。"))) == ["窓口", "予約"]
    assert marked(marker.snippet(case(summary="窓口を直した。", outcome="予約が増えた。"))) == ["窓口"]


def test_a_case_that_holds_nothing_begins_with_its_summary():
    assert Marker(understand("窓口")).snippet(case(summary="研修をした。")) == [("研修をした。", False)]


def calls_of_analysis(client, query: str) -> int:
    profile = cProfile.Profile()
    page = profile.runcall(client.get, "/cases/", {"q": query}).content.decode()
    assert page.count('class="case-item"') == 20
    functions = pstats.Stats(profile).stats
    own = {key for key in functions if any(part in key[0] for part in ANALYSIS)}
    calls = sum(functions[key][1] for key in own)
    # Built-in functions, Sudachi's among them, count for whoever calls them.
    return calls + sum(
        count[0] for key, (*_, callers) in functions.items() if key[0] == "~" for caller, count in callers.items()
        if caller in own
    )  # fmt: skip


def test_a_page_analyses_its_hits_once_and_only_what_it_must(loaded_library, cast, client):
    client.force_login(cast.officer)
    client.get("/cases/", {"q": "窓口"})  # the lexicon is read
    first, again = calls_of_analysis(client, "DX"), calls_of_analysis(client, "DX")

    # Marking the page took 190,000 calls when every text of every hit was analysed anew.
    assert first < 30_000
    assert again < 5_000
    assert calls_of_analysis(client, "") < 500
