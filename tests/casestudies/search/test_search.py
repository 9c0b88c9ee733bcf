"""The search against a plain reading of the same words, and against what must never show."""

import itertools
from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casestudies.domain.search import index_rows
from casestudies.domain.search.index import read_rows, write
from casestudies.domain.search.search import SearchFilters, Standpoint, find
from casestudies.models import Case, CaseIndex, CasePlace
from dxportal.core.textsearch.analysis import WordKind, words
from dxportal.core.textsearch.folding import name_key
from tests.support.cases import a_case

pytestmark = pytest.mark.django_db
in_one_library = settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ANYBODY = SimpleNamespace(acting=SimpleNamespace(organization=SimpleNamespace(prefecture_id=None)))


@pytest.fixture(scope="module")
def library(loaded_library):
    return Plain()


class Plain:
    """The cases read word by word in Python: each text a row of words, a symbol a gap."""

    def __init__(self):
        self.quoted = cache(self.quoted)  # each word is asked for in many pairs
        self.rows, self.names, self.texts = {}, {}, []
        for row in read_rows(Case.objects.values_list("pk", flat=True)):
            texts = [text for _, text in index_rows.document(row).texts if text]
            self.texts += texts
            self.rows[row["id"]] = [
                [None if one.kind == WordKind.SYMBOL else one.lexeme for one in words(text)] for text in texts
            ]
            self.names[row["id"]] = {name for place in row["main"] for _, name in place.names()}

    def quoted(self, text: str) -> set[int]:
        sought = [one.lexeme for one in words(text) if one.kind != WordKind.SYMBOL]
        return {pk for pk, rows in self.rows.items() if any(_stands(sought, row) for row in rows)}

    def joined(self, text: str) -> set[int]:
        """Without quotes a term is also the name of an organisation."""
        named = {pk for pk, names in self.names.items() if name_key(text) in names}
        return self.quoted(text) | named

    @property
    def all(self) -> set[int]:
        return set(self.rows)


def _stands(sought, row) -> bool:
    return any(row[at : at + len(sought)] == sought for at in range(len(row) - len(sought) + 1))


def found(text, *, user=ANYBODY, **asked) -> set[int]:
    result = find(user, text, **asked)
    keys = [hit.pk for hit in result.page(0, 1000)]
    assert len(keys) == len(set(keys)) == result.count
    return set(keys)


def as_typed(text, *terms) -> set[int]:
    return found(text, ignored=frozenset(f"correction:{one}" for one in terms))


WORDS = ["オンライン", "研修", "職員", "デジタル", "市町村", "電子決裁", "AI", "RPA", "住民", "窓口", "福島県", "専門人材",
         "さかた市", "酒田市", "文書管理", "DXの推進"]  # fmt: skip


def test_a_quoted_phrase_finds_exactly_the_cases_that_hold_it(library):
    for word in WORDS:
        assert found(f'"{word}"') == library.quoted(word), word


def test_and_or_and_minus_are_sets(library):
    for one, other in itertools.combinations_with_replacement(WORDS, 2):
        a, b = library.joined(one), library.joined(other)
        assert found(f"{one} AND {other}") == a & b, (one, other)
        assert found(f"{other} OR {one}") == a | b, (one, other)
        assert found(f'"{one}" -{other}') == library.quoted(one) - b, (one, other)
        assert found(f'"{other}" -{one}') == library.quoted(other) - a, (one, other)


def test_a_conjunction_is_the_intersection_of_its_quoted_words(library):
    for one, other in (("研修", "職員"), ("オンライン", "窓口"), ("AI", "RPA")):
        assert found(f'"{one}" AND "{other}"') == found(f'"{one}"') & found(f'"{other}"')
        assert found(f'"{one}" OR "{other}"') == found(f'"{one}"') | found(f'"{other}"')
        assert found(f'"{one}" NOT "{other}"') == found(f'"{one}"') - found(f'"{other}"')


def test_and_binds_before_or_and_words_alone_only_rank(library):
    a, b, c = (library.joined(word) for word in ("研修", "職員", "窓口"))
    assert found("研修 AND 職員 OR 窓口") == (a & b) | c
    assert found("窓口 OR 研修 AND 職員") == c | (a & b)
    assert found("窓口 OR 研修 -職員") == (c | a) - b
    assert found('"研修" よくわからない何か') == library.quoted("研修")


def test_a_minus_alone_leaves_the_rest_of_the_library(library):
    assert found("-研修") == library.all - library.joined("研修")


def test_a_minus_takes_away_from_what_plain_words_find(library):
    assert found("RPA -AI") == found("RPA") - library.joined("AI") != set()
    assert found("職員研修の進め方 -窓口") == found("職員研修の進め方") - library.joined("窓口")


@in_one_library
@given(data=st.data())
def test_any_stretches_of_the_texts_joined_anyhow(library, data):
    terms = [_stretch(data, library.texts) for _ in range(3)]
    if not all(terms):
        return
    one, other, third = terms
    a, b, c = map(library.quoted, terms)
    assert as_typed(f'"{one}"', one) == a
    assert as_typed(f'"{one}" AND "{other}" OR "{third}"', *terms) == (a & b) | c
    assert as_typed(f'"{one}" OR "{other}" -"{third}"', *terms) == (a | b) - c


def _stretch(data, texts) -> str:
    """Some letters of a text, from where a word begins; "" where nothing is said."""
    text = data.draw(st.sampled_from(texts))
    kept = words(text)
    first = data.draw(st.integers(0, len(kept) - 1))
    last = min(first + data.draw(st.integers(0, 4)), len(kept) - 1)
    stretch = text[kept[first].start : kept[last].end]
    is_plain = not set(stretch) & set('"“”„＂「」『』｢｣ー\n') and any(letter.isalnum() for letter in stretch)
    return stretch if is_plain and any(one.kind != WordKind.SYMBOL for one in words(stretch)) else ""


# --- whatever is typed --------------------------------------------------------------------------------------------

HOSTILE = [
    "", " ", "　", "\0", "窓口\0研修", "'", "\\", "'; DROP TABLE casestudies_case; --", '"', '"""', "“窓口", "「", "」「", "-", "--",
    "- -", "AND", "AND OR NOT", "OR OR", "NOT", "NOT NOT 窓口", "-AND", '-"', "窓口 AND", "AND 窓口", "& | ! <-> :*", "a:*",
    "'a' & 'b'", "%", "%s %(x)s", "_", "{}", "(((", ")", "窓口)", "😀", "👨‍👩‍👧‍👦", "窓口😀研修", "゛", "゜", "ー", "ーーー", "〜", "・", "=", "=酒田市",
    "~研修", "≒酒田市", "\ud800", "窓口\udfff", "\u202e窓口", "\ufeff研修", "が" * 3, "か\u3099", "㍿", "①", "人口", "人口人", "人口0人以下",
    "人口9999999999999万人以上",
    "人口5万〜3万人", "99999999999999999999人以下の町", "窓" * 10_000, "窓口 " * 3_000, "あ" * 10_000, '"' * 10_000,
    "過多基幹申込一人家庭箇条" * 50, "かたかきかんもうしこみかん", "ーーーー",
    "窓口 AND " * 1_200, "-" * 10_000, "😀" * 10_000, "a" * 10_000, "'" * 10_000, "人口" * 5_000, "1" * 10_000,
]  # fmt: skip


def ask_everything(text: str, user=ANYBODY):
    for sort in ("best", "newest", "nearest"):
        result = find(user, text, sort=sort, seen_from=Standpoint(10_000, "福島県", "town"))
        hits = result.page(0, 20)
        assert len(hits) == min(20, result.count)
    assert all(one.count >= 0 for ones in result.facets().values() for one in ones)
    assert result.around("001-p01") is None or result.around("001-p01")[0] >= 1
    assert isinstance(result.reading.text, str)
    result.retries()
    return result


def test_many_words_in_hiragana_cost_few_statements(library, django_assert_max_num_queries):
    letters = "あいかきくけこさしすせそたちつてとなに"
    text = " ".join(f"{one}{other}{third}らむ" for one in letters for other in letters for third in "ぬねの")
    with django_assert_max_num_queries(120):
        assert find(ANYBODY, text).count >= 0


def test_nothing_that_is_typed_raises(library):
    for text in HOSTILE:
        ask_everything(text)


LETTERS = st.one_of(
    st.characters(exclude_categories=()), st.sampled_from("\"'-ー「」窓口研修人万以下町アンド　 \0\\&|!:()~=<>")
)
PIECES = st.one_of(
    st.text(LETTERS, max_size=8), st.sampled_from(["AND", "OR", "NOT", "窓口", "研修", "-", '"', "人口5万人以下"])
)


@in_one_library
@given(text=st.one_of(st.text(LETTERS, max_size=60), st.lists(PIECES, max_size=12).map(" ".join)))
def test_no_text_raises(library, text):
    ask_everything(text)


@pytest.mark.parametrize(
    "values",
    [
        ("\0",),
        ("x' OR 1=1",),
        ("{,}",),
        ('"',),
        ("\\",),
        ("99999999999999999999",),
        ("",),
        ("😀" * 200,),
    ],
)
def test_no_choice_of_a_facet_raises(library, values):
    chosen = frozenset(values)
    result = find(ANYBODY, "研修", SearchFilters({"steps": chosen, "areas": chosen, "years": chosen}))

    assert result.count == 0
    assert result.facets()


# --- what is understood -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["宇宙エレベーター", '"宇宙エレベーター"', "ラーメン", "xyzzy", "？？？", "恐竜の化石"]
)
def test_what_the_library_is_not_about_finds_nothing(library, text):
    assert found(text) == set()


def test_a_blank_query_is_the_whole_library(library):
    assert found("") == found("  　") == library.all


def test_a_size_in_words_is_a_wish_that_can_be_taken_back(library):
    asked = find(ANYBODY, "人口5万人以下の町")
    (size,) = [one for one in asked.reading.wishes if one.strict]
    small = {
        row.pk
        for row in CaseIndex.objects.all()
        if any(
            kind != "prefecture" and 0 <= number <= 50_000
            for number, kind in zip(row.populations, row.kinds, strict=True)
        )
    }

    assert (size.low, size.high, size.label) == (None, 50_000, "人口5万人以下")
    assert {hit.pk for hit in asked.page(0, 1000)} == small
    assert 0 < len(small) < len(library.all)
    back = find(ANYBODY, "人口5万人以下の町", ignored=frozenset({size.code}))
    assert size.code not in {one.code for one in back.reading.wishes}
    assert back.count > 0
    assert {hit.pk for hit in back.page(0, 1000)} != small


def test_a_size_narrows_what_the_words_find(library):
    asked = find(ANYBODY, "人口5万人以下の町での職員研修")
    code = next(one.code for one in asked.reading.wishes if one.strict)
    narrowed, whole = (
        found("人口5万人以下の町での職員研修"),
        found("人口5万人以下の町での職員研修", ignored=frozenset({code})),
    )

    assert narrowed < whole


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("デジタルデバイト", "デジタルデバイド"),
        ("電子決済 文書管理", "電子決裁 文書管理"),
        ("しょうひんけん", "商品券"),
        ("がくどうほいく", "学童保育"),
        ("推進ほんぶ", "推進本部"),
        ("庁内広募", "庁内公募"),
        ("オンライン会儀", "オンライン会議"),
        ("禄画面接", "録画面接"),
        ("舟型町", "舟形町"),
    ],
)
def test_a_slip_is_put_right_said_and_can_be_taken_back(library, typed, meant):
    asked = find(ANYBODY, typed)
    (made,) = asked.reading.corrections

    assert typed.replace(made.given, made.meant) == meant
    assert found(typed) == found(meant) != set()
    assert find(ANYBODY, typed, ignored=frozenset({made.code})).reading.corrections == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("オ－プンデ－タ", "オープンデータ"),
        ("さかた市", "酒田市"),
        ("おーぷんでーた", "オープンデータ"),
        ("せと市", "瀬戸市"),
        ("船形町", "舟形町"),
    ],
)
def test_another_spelling_finds_the_same(library, typed, meant):
    asked = find(ANYBODY, typed)

    assert asked.reading.corrections == ()
    first = find(ANYBODY, meant).page(0, 1)[0]
    assert first.pk in {hit.pk for hit in asked.page(0, 3)}
    assert library.joined(meant) <= found(typed)


def results(text: str) -> list[tuple[int, float]]:
    asked = find(ANYBODY, text)
    hits = [(hit.pk, round(hit.score, 6)) for hit in asked.page(0, 1000)]
    assert len(hits) == asked.count
    return hits


@pytest.mark.parametrize(
    ("typed", "spaced"),
    [
        ("生成AI", "生成 AI"),
        ("生成AI", "生成　ＡＩ"),
        ("生成ＡＩ", "生成 ai"),
        ("AIの活用", "AI の活用"),
        ("AI活用", "AI 活用"),
        ("窓口RPA", "窓口 RPA"),
        ("デジタルDX", "デジタル DX"),
        ("DX研修AI窓口", "DX 研修 AI 窓口"),
        ("酒田市DX", "酒田市 DX"),
        ("さかた市DX", "さかた市 DX"),
        ("DXさかた市", "DX さかた市"),
        ("人口5万人以下の町でAI", "人口5万人以下の町で AI"),
        ("町村DX", "町村 DX"),
        ("DX町村", "DX 町村"),
        ("小さな町のRPA", "小さな町の RPA"),
        ("しょうひんけんAI", "しょうひんけん AI"),
        ("録画面接AI", "録画面接 AI"),
        ('"生成AI"', '"生成 AI"'),
        ("「生成AI」", "「生成 AI」"),
        ("生成AI AND 研修", "生成 AI AND 研修"),
        ("研修 OR 生成AI", "研修 OR 生成 AI"),
        ("生成AI -研修", "生成 AI -研修"),
        ("生成AI", "生成・AI"),
        ("生成AI", "生成-ＡＩ"),
        ("DX推進", "DX／推進"),
        ("AI-OCR", "AIOCR"),
        ("AI-OCR", "AI OCR"),
        ("AI-OCR", "ＡＩ　ＯＣＲ"),
        ("AI-OCRの導入", "AI・OCRの導入"),
        ("ChatGPT", "Chat GPT"),
        ("Wi-Fi", "wi fi"),
    ],
)
def test_a_space_or_sign_where_latin_meets_others_says_nothing(library, typed, spaced):
    assert results(typed) == results(spaced)


@in_one_library
@given(
    pieces=st.lists(
        st.sampled_from(["AI", "DX", "ＲＰＡ", "研修", "デジタル", "酒田市", "の", "窓口"]), min_size=2, max_size=5
    )
)
def test_spaces_between_the_scripts_never_change_what_is_found(library, pieces):
    is_latin = [piece in ("AI", "DX", "ＲＰＡ") for piece in pieces]
    joined = pieces[0]
    for before, after, piece in zip(is_latin, is_latin[1:], pieces[1:], strict=False):
        joined += piece if before != after else f" {piece}"
    assert results(joined) == results(" ".join(pieces))


def test_operators_between_the_scripts_stay_operators(library):
    assert found("窓口 AND 研修") == library.quoted("窓口") & library.quoted("研修")
    assert found("研修 OR AI") == library.joined("研修") | library.joined("AI")


TOWNS = (
    ("奈良県", "葛\U000e0100城市", "かつらぎし"), ("千葉県", "鎌ケ谷市", "かまがやし"), ("神奈川県", "茅ヶ崎市", "ちがさきし"),
    ("茨城県", "龍ケ崎市", "りゅうがさきし"), ("福岡県", "須惠町", "すえまち"), ("高知県", "梼原町", "ゆすはらちょう"),
    ("鹿児島県", "西之表市", "にしのおもてし"), ("和歌山県", "高野町", "こうやちょう"), ("宮城県", "塩竈市", "しおがまし"),
    ("青森県", "鰺ヶ沢町", "あじがさわまち"),
)  # fmt: skip


@pytest.fixture
def cases_of_towns(library):
    cases = {}
    for number, (prefecture, name, kana) in enumerate(TOWNS):
        case = a_case("名を書かない事例", source_id=f"t-{number}", places=[(prefecture, name, "city", 9_000)])
        case.places.update(kana=kana)
        cases[name] = case.pk
    write(list(cases.values()))
    return cases


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("葛城市", "葛\U000e0100城市"),
        ("葛\U000e0101城市 DX", "葛\U000e0100城市"),
        ("奈良県葛\U000e0100城市", "葛\U000e0100城市"),
        ("鎌ヶ谷市", "鎌ケ谷市"),
        ("鎌が谷市の窓口", "鎌ケ谷市"),
        ("茅ケ崎市", "茅ヶ崎市"),
        ("ちがさき", "茅ヶ崎市"),
        ("竜ヶ崎市", "龍ケ崎市"),
        ("須恵町", "須惠町"),
        ("檮原町の取組", "梼原町"),
        ("西ノ表市", "西之表市"),
        ("伊都郡高野町", "高野町"),
        ("和歌山県伊都郡高野町", "高野町"),
        ("塩釜市", "塩竈市"),
        ("鯵が沢町", "鰺ヶ沢町"),
    ],
)
def test_a_town_is_found_however_its_name_is_written(cases_of_towns, typed, name):
    first = find(ANYBODY, typed).page(0, 1)
    assert [hit.pk for hit in first] == [cases_of_towns[name]]


@pytest.mark.parametrize("prefecture", ["新潟県", "新潟", "にいがた県", "にいがた", "にいがたけん"])
def test_a_prefecture_is_known_in_every_spelling(library, prefecture):
    places = CasePlace.objects.filter(prefecture_name="新潟県").values_list("case_id", flat=True)
    assert set(places) == found(prefecture)


def test_people_of_a_prefecture_are_a_wish_about_prefectures(library):
    asked = find(ANYBODY, "人口100万人台の県")
    cases = CasePlace.objects.filter(role="main", kind="prefecture", population__range=(1_000_000, 1_999_999))
    assert {hit.pk for hit in asked.page(0, 100)} == set(cases.values_list("case_id", flat=True)) != set()
    assert [one.label for one in asked.reading.wishes] == ["人口100万人台の都道府県"]


@pytest.mark.parametrize("staff", ["職員100人前後の役場", "職員が80人しかいない町", "職員数150人以下"])
def test_few_staff_prefer_small_places(library, staff):
    asked = find(ANYBODY, f"{staff}での業務改善")
    assert "prefer:small" in {one.code for one in asked.reading.wishes}
    for other in ("職員3,000人の市での研修", "職員50人を対象にした研修", "職員100人以上の町"):
        assert "prefer:small" not in {one.code for one in find(ANYBODY, other).reading.wishes}


def test_a_compound_of_which_no_case_holds_the_greater_part_finds_nothing_by_the_rest(library):
    assert find(ANYBODY, "見直し").count > 0
    assert find(ANYBODY, "議員定数の見直し").count == 0


def test_what_holds_part_of_a_known_compound_comes_after_what_holds_all(library):
    asked = find(ANYBODY, "スマートフォン普及")
    order = [hit.pk for hit in asked.page(0, 1000)]
    assert found('"スマホ"') & set(order) > set(order[:2])


def test_pages_and_neighbours_are_of_one_order(library):
    asked = find(ANYBODY, "研修 職員 -窓口")
    whole = [hit.source_id for hit in asked.page(0, 1000)]

    assert [hit.source_id for at in range(0, len(whole), 7) for hit in asked.page(at, 7)] == whole
    for at, source_id in enumerate(whole):
        place, before, after = asked.around(source_id)
        assert place == at + 1
        assert (before.source_id if before else None) == (whole[at - 1] if at else None)
        assert (after.source_id if after else None) == (whole[at + 1] if at + 1 < len(whole) else None)
