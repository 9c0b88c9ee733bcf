import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestudies.domain.search.query import kana
from dxportal.core.organizations.domain import called

READINGS = {"ショウヒン", "ケン", "ガクドウ", "ホイク", "ショルイ", "サクゲン", "ショウ", "ヒンケン"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("しょうひんけん", ["しょうひんけん"]),
        ("推進ほんぶ 予算", ["ほんぶ"]),
        ("窓口 がくどうほいく", ["がくどうほいく"]),
        ("けん", []),
    ],
)
def test_hiragana_that_stands_for_a_word_is_picked_out(text, found):
    assert kana.stretches(text) == found


def test_fewest_readings_come_first():
    first, *others = kana.splits("しょうひんけん", READINGS)
    assert first == ((("ショウヒン", "ケン"),), ()) or first == ((("ショウ", "ヒンケン"),), ())
    assert {way for way, _ in (first, *others)} == {(("ショウヒン", "ケン"),), (("ショウ", "ヒンケン"),)}


def test_a_particle_stands_between_two_readings():
    assert kana.splits("しょるいのさくげん", READINGS) == [((("ショルイ",), ("サクゲン",)), ("ノ",))]
    assert kana.splits("のさくげん", READINGS) == []
    assert kana.splits("しょるいの", READINGS) == []


@given(st.lists(st.sampled_from(sorted(READINGS)), min_size=1, max_size=4))
def test_every_way_spells_what_was_typed(readings):
    sound = "".join(readings)
    ways = kana.splits(sound, READINGS)
    assert ways
    for runs, between in ways:
        pieces = [piece for run, particle in zip(runs, (*between, ""), strict=True) for piece in (*run, particle)]
        assert "".join(pieces) == sound


@given(st.text("あいうえおーん", max_size=24))
def test_any_stretch_ends_soon(stretch):
    assert len(kana.splits(stretch, kana.parts(stretch))) <= kana.MOST_SPLITS


def test_the_prefectures_are_the_47_each_with_a_reading_of_its_own():
    assert len(called.READINGS) == len(set(called.READINGS.values())) == 47
    assert called.prefecture_spellings("北海道") == {"北海道", "ほっかいどう"}
    assert called.prefecture_spellings("京都府") >= {"京都", "きょうと", "きょうとふ", "きょうと府"}
    assert called.prefecture_spellings("若葉県") == {"若葉県"}
