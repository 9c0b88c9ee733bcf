"""Which town a row means, however offices write its code and its name."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dxportal.core.organizations.domain.codes import check_digit
from dxportal.core.organizations.domain.matching import Place, PlaceMatcher

NAMES = (
    # code, prefecture, district, name, kana
    ("012203", "北海道", "", "士別市", "シベツシ"),
    ("014036", "北海道", "古宇郡", "泊村", "トマリムラ"),
    ("016969", "北海道", "国後郡", "泊村", "トマリムラ"),
    ("023213", "青森県", "西津軽郡", "鰺ヶ沢町", "アジガサワマチ"),
    ("041009", "宮城県", "", "仙台市", "センダイシ"),
    ("042021", "宮城県", "", "石巻市", "イシノマキシ"),
    ("043249", "宮城県", "柴田郡", "川崎町", "カワサキマチ"),
    ("082082", "茨城県", "", "龍ケ崎市", "リュウガサキシ"),
    ("094111", "栃木県", "那須郡", "那珂川町", "ナカガワマチ"),
    ("122033", "千葉県", "", "市川市", "イチカワシ"),
    ("122246", "千葉県", "", "鎌ケ谷市", "カマガヤシ"),
    ("141305", "神奈川県", "", "川崎市", "カワサキシ"),
    ("142077", "神奈川県", "", "茅ヶ崎市", "チガサキシ"),
    ("242021", "三重県", "", "四日市市", "ヨッカイチシ"),
    ("292117", "奈良県", "", "葛城市", "カツラギシ"),
    ("302015", "和歌山県", "", "和歌山市", "ワカヤマシ"),
    ("302023", "和歌山県", "", "海南市", "カイナンシ"),
    ("303437", "和歌山県", "", "九度山町", "クドヤマチョウ"),
    ("303445", "和歌山県", "", "高野町", "コウヤチョウ"),
    ("394050", "高知県", "高岡郡", "梼原町", "ユスハラチョウ"),
    ("402311", "福岡県", "", "那珂川市", "ナカガワシ"),
    ("403440", "福岡県", "糟屋郡", "須惠町", "スエマチ"),
    ("462136", "鹿児島県", "", "西之表市", "ニシノオモテシ"),
    ("010006", "北海道", "", "北海道", "ホッカイドウ"),
    ("", "島根県", "", "志志村", ""),
)
COUNTRY = [
    Place(pk, code, name, kana, district, prefecture)
    for pk, (code, prefecture, district, name, kana) in enumerate(NAMES, 1)
]
MATCHER = PlaceMatcher(COUNTRY, "全国の市町村")


def within(prefecture: str) -> PlaceMatcher:
    return PlaceMatcher(place for place in COUNTRY if place.prefecture == prefecture)


def name_of(code="", name="", prefecture="", matcher=MATCHER) -> str:
    match = matcher.match(code, name, prefecture)
    assert not (match.place and match.problem)
    return match.place.name if match.place else ""


@pytest.mark.parametrize(
    "code",
    [
        "042021",
        "04202",
        "42021",
        "4202",
        42021,
        4202,
        4202.0,
        "4202.0",
        "０４２０２１",
        "'042021",
        " 04 2021 ",
        "04202-1",
        "４，２０２",
        "*042021*",
    ],
)
def test_a_code_is_read_with_or_without_check_digit_and_zero(code):
    assert name_of(code) == "石巻市"
    assert name_of(code, "石巻市", matcher=within("宮城県")) == "石巻市"


def test_a_code_that_can_be_read_in_two_ways_is_decided_by_prefecture_and_name():
    assert name_of("12203", "市川市") == name_of(12203, "", "千葉県") == name_of(12203.0, "いちかわ") == "市川市"
    assert name_of("12203", "士別市") == name_of(12203, "", "北海道") == name_of(12203, "北海道士別市") == "士別市"
    assert name_of(12203, "", matcher=within("千葉県")) == "市川市"
    assert name_of(12203, "", matcher=within("北海道")) == "士別市"


@pytest.mark.parametrize("name", ["", "よその町"])
def test_a_code_that_stays_ambiguous_is_refused_with_the_names(name):
    match = MATCHER.match("12203", name)
    assert match.place is None
    assert {place.name for place in match.several} == {"市川市", "士別市"}
    assert "市川市（122033）" in match.problem
    assert "士別市（012203）" in match.problem


def test_six_digits_are_not_ambiguous():
    assert name_of("012203") == "士別市"
    assert name_of("122033") == "市川市"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("葛\U000e0100城市", "葛城市"),
        ("鰺ケ沢町", "鰺ヶ沢町"),
        ("鯵が沢", "鰺ヶ沢町"),
        ("竜ヶ崎市", "龍ケ崎市"),
        ("鎌ヶ谷市", "鎌ケ谷市"),
        ("茅ケ崎", "茅ヶ崎市"),
        ("檮原町", "梼原町"),
        ("須恵町", "須惠町"),
        ("西ノ表市", "西之表市"),
        ("和歌山\u3000市", "和歌山市"),
        ("和歌山県海南市", "海南市"),
        ("和歌山 海南市", "海南市"),
        ("和歌山県　海南", "海南市"),
        ("伊都郡高野町", "高野町"),
        ("和歌山県 伊都郡 高野町", "高野町"),
        ("海南市役所", "海南市"),
        ("高野町役場", "高野町"),
        ("ｶｲﾅﾝｼ", "海南市"),
        ("かいなん", "海南市"),
        ("かいなん市", "海南市"),
        ("イシノマキ", "石巻市"),
        ("ﾕｽﾊﾗﾁﾖｳ", "梼原町"),
        ("四日市", "四日市市"),
        ("和歌山", "和歌山市"),
        ("海南市（和歌山県）", "海南市"),
        ("【和歌山県】海南市", "海南市"),
        ("和歌山県／伊都郡／高野町", "高野町"),
        ("高野町(伊都郡)", "高野町"),
        ("こうやまち", "高野町"),
        ("鎌箇谷市", "鎌ケ谷市"),
        ("北海道庁", "北海道"),
        ("志々村", "志志村"),
    ],
)
def test_a_name_is_found_however_it_is_written(written, meant):
    assert name_of("", written) == meant


@pytest.mark.parametrize("letters", ["郡", "北海道", "あ", "山々", "("])
def test_a_cell_full_of_letters_is_no_name_and_costs_nothing(letters):
    began = time.process_time()
    assert name_of("", letters * (32_000 // len(letters))) == ""
    assert time.process_time() - began < 1


def test_two_towns_of_one_name_are_told_apart_by_district_or_code():
    match = MATCHER.match("", "泊村", "北海道")
    assert match.place is None
    assert len(match.several) == 2
    assert "古宇郡泊村（014036）" in match.problem
    assert "国後郡泊村（016969）" in match.problem
    assert MATCHER.match("", "古宇郡泊村").place.code == MATCHER.match("", "泊村（古宇郡）").place.code == "014036"
    assert MATCHER.match("", "泊村（札幌郡）", "北海道").place is None
    assert MATCHER.match("", "北海道国後郡泊").place.code == "016969"
    assert MATCHER.match("16969", "泊村").place.code == "016969"
    assert MATCHER.match("", "札幌郡泊村").place is None


def test_a_bare_name_of_several_kinds_is_refused_with_the_names():
    match = MATCHER.match("", "川崎")
    assert {place.name for place in match.several} == {"川崎市", "川崎町"}
    assert "川崎市（141305）" in match.problem
    assert "川崎町（043249）" in match.problem
    assert name_of("", "川崎町") == "川崎町"
    assert name_of("", "川崎", "神奈川") == "川崎市"
    assert name_of("", "宮城県川崎") == "川崎町"
    assert MATCHER.match("", "那珂川").place is None
    assert name_of("", "那珂川", "福岡県") == "那珂川市"


@pytest.mark.parametrize("name", ["石巻町", "県", "市", "奈良県海南市", "合計", "奈良県"])
def test_what_is_no_town_is_refused(name):
    match = MATCHER.match("", name)
    assert match.place is None
    assert match.problem_code == "unknown_place"
    assert name in match.problem


def test_a_prefecture_in_its_own_column_must_fit():
    assert name_of("", "海南市", "和歌山") == "海南市"
    assert MATCHER.match("", "海南市", "奈良県").place is None
    assert MATCHER.match("", "和歌山県海南市", "奈良県").place is None


def test_a_right_code_with_an_unlike_name_warns():
    match = MATCHER.match("302023", "下津町")
    assert match.place.name == "海南市"
    assert "海南市" in match.warning
    assert "下津町" in match.warning
    other = MATCHER.match("302023", "高野町")
    assert other.place.name == "海南市"
    assert "高野町（303445）" in other.warning
    assert MATCHER.match("302023", "和歌山県 海南").warning == ""


def test_the_check_digit_is_spoken_of_only_where_there_is_one():
    six = MATCHER.match("042029", "石巻市")
    assert six.problem_code == "unknown_place"
    assert "04202なら042021" in six.problem
    assert six.by_code
    for digits in ("42029", "04299", "4299", "12299"):
        match = MATCHER.match(digits, "石巻市")
        assert match.place is None
        assert match.problem_code == "unknown_place"
        assert "検査数字" not in match.problem
        assert "石巻市" in match.problem
        assert digits in match.problem
    assert MATCHER.match("12", "").problem_code == MATCHER.match("04-A", "").problem_code == "code_format"
    assert MATCHER.match("", " ").problem_code == "place_missing"


def test_former_codes_and_names_lead_to_the_place_of_today():
    town = Place(1, "042021", "石巻市", "", "", "宮城県", ("043630",), ("河南町", "石巻町"))
    other = Place(2, "042030", "河南市", "", "", "宮城県", (), ())
    matcher = PlaceMatcher([town, other])
    assert name_of("043630", "河南町", matcher=matcher) == name_of("4363", matcher=matcher) == "石巻市"
    assert name_of("", "石巻町", matcher=matcher) == "石巻市"
    assert name_of("", "河南", matcher=matcher) == "河南市"  # who bears the name today comes first
    assert matcher.match("042021", "河南").warning == ""


# --- any writing finds its town or is refused naming it -------------------------------------------------------------

LETTERS = "山川田市町村郡龍竜崎﨑ヶケがのノ之あア一石"
CODES = st.integers(1, 47).flatmap(lambda part: st.integers(100, 799).map(lambda rest: f"{part:02d}{rest}"))


@st.composite
def lists(draw):
    stems = draw(st.lists(st.text(LETTERS, min_size=1, max_size=3), min_size=1, max_size=5))
    places = []
    for pk, stem in enumerate(stems, 1):
        body = draw(CODES)
        district = draw(st.sampled_from(["", "山郡", "川崎郡"]))
        name = stem + draw(st.sampled_from("市町村"))
        prefecture = draw(st.sampled_from(["和歌山県", "山口県", "みほん県"]))
        places.append(Place(pk, f"{body}{check_digit(body)}", name, "", district, prefecture))
    codes = [place.code for place in places]
    assume(len(set(codes)) == len(codes))
    return places


@st.composite
def writings(draw, place):
    name = place.name
    if draw(st.booleans()):
        name = name[:-1]
    if draw(st.booleans()):
        name = place.district + name
    if draw(st.booleans()):
        name = draw(st.sampled_from([place.prefecture, place.prefecture[:-1]])) + name
    swaps = {"龍": "竜", "崎": "﨑", "ヶ": "ケ", "ノ": "之", "ア": "ｱ", "あ": "ア"}
    for old, new in swaps.items():
        if draw(st.booleans()):
            name = name.replace(old, new) if old not in "ヶノ" else name
    return draw(st.sampled_from(["", " ", "\u3000", "\U000e0100"])).join(name)


@given(lists(), st.data())
def test_any_writing_of_a_name_finds_that_town_or_is_refused_naming_it(places, data):
    place = data.draw(st.sampled_from(places))
    match = PlaceMatcher(places).match("", data.draw(writings(place)))
    assert match.place == place or (match.place is None and place in match.several and place.code in match.problem)


@given(lists(), st.data())
def test_any_writing_of_a_code_finds_that_town_or_is_refused_naming_it(places, data):
    place = data.draw(st.sampled_from(places))
    code = data.draw(st.sampled_from([place.code, place.code[:5]]))
    code = data.draw(st.sampled_from([code, code.lstrip("0"), int(code), float(code)]))
    match = PlaceMatcher(places).match(code, data.draw(st.sampled_from(["", place.name])))
    assert match.place == place or (match.place is None and place in match.several and place.code in match.problem)
