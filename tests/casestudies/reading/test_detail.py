import pytest
from django.urls import reverse

from casestudies.domain.reading import bookmarks
from casestudies.domain.search import index
from casestudies.enums import UptakeState
from casestudies.models import CaseAttachment, CaseLink, CasePlace
from dxportal.core.organizations.models import Profile
from tests.support.cases import a_case, an_area
from tests.support.reading import TEXTS, a_full_case, an_uptake, archive, get, words

pytestmark = pytest.mark.django_db
HEADINGS = ("課題", "進め方", "取組の内容", "成果", "ポイント", "数値", "費用", "関連アドレス", "添付ファイル")


def headings(response):
    text = response.content.decode()
    return [heading for heading in HEADINGS if f">{heading}</h2>" in text]


def test_the_page_tells_everything_that_is_known(client, cast):
    case = a_full_case(step_basis="inferred", period="令和3年度から", cost_text="職員の人件費のみ")
    case.areas.add(an_area("online_procedures"))
    CaseAttachment.objects.create(case=case, name="資料.pdf", content_type="application/pdf", size=2048, digest="x")
    index.write([case.pk])

    response = get(client, cast.officer, "detail", case.source_id)
    page = words(response)

    told = (
        "北海道北見市", "きたみし", "人口114,000人（2020年1月1日現在）", "職員900人", "ステップ3 取組の実行", "推定",
        "手続のオンライン化", "令和3年度から", "8.5分", "８分半", "1,000,000,000円", "10億円", "職員の人件費のみ",
        "北海道第0市", "https://similar0.example.jp/", "https://city0.example.jp/", "参考事例集 12ページ", "年度は推定。",
        "資料.pdf", *TEXTS.values(),
    )  # fmt: skip
    assert [text for text in told if text not in page] == []
    assert headings(response) == list(HEADINGS)


def test_there_are_no_headings_over_nothing(client, cast):
    response = get(client, cast.officer, "detail", a_case("短い").source_id)

    assert headings(response) == []


def test_tags_lead_to_a_search(client, cast):
    case = a_case("窓口", tags=["R&D #1"])

    text = get(client, cast.officer, "detail", case.source_id).content.decode()

    assert f'href="{reverse("casestudies:search")}?q=R%26D%20%231"' in text


def test_the_way_back_keeps_the_search(client, cast):
    case = a_case("窓口")

    page = get(client, cast.officer, "detail", case.source_id, q="窓口", step=["3"], n="7")

    assert page.context["crumbs"][1] == ("事例", "/cases/?q=%E7%AA%93%E5%8F%A3&step=3")


def test_only_web_addresses_are_links_and_they_lead_outside(client, cast):
    case = a_case("窓口")
    CaseLink.objects.create(case=case, label="わな", url="javascript:alert(1)")
    CaseLink.objects.create(case=case, label="市", url="https://city.example.jp/")
    index.write([case.pk])

    text = get(client, cast.officer, "detail", case.source_id).content.decode()

    assert 'href="javascript' not in text
    assert "javascript:alert(1)" in text
    assert 'href="https://city.example.jp/" target="_blank" rel="noopener noreferrer"' in text


def test_what_is_typed_is_never_markup(client, cast):
    case = a_case("<b>題</b>", "<i>要約</i>", actions="<script>x</script>\n\n二段落目", notes="<u>n</u>")

    text = get(client, cast.officer, "detail", case.source_id).content.decode()

    assert [piece for piece in ("<b>題", "<i>要", "<script>x", "<u>n") if piece in text] == []
    assert "<p>二段落目</p>" in text


def test_a_similar_size_is_told_to_a_municipality(client, cast):
    Profile.objects.create(organization=cast.town, fiscal_year=2025, population=50_000)
    case = a_full_case()

    assert "あさひ町（50,000人）の約2.3倍の人口" in words(get(client, cast.officer, "detail", case.source_id))
    assert "倍の人口" not in words(get(client, cast.staff, "detail", case.source_id))


@pytest.mark.parametrize(
    ("population", "sentence"),
    [
        (50_000, "と同じくらいの人口"),
        (500, "の約0.01倍の人口"),
        (600_000, "の約12倍の人口"),
        (30_000, "の約0.6倍の人口"),
    ],
)
def test_sizes_in_words(client, cast, population, sentence):
    Profile.objects.create(organization=cast.town, fiscal_year=2025, population=50_000)
    case = a_case("窓口", places=[("北海道", "北見市", "city", population)])

    assert f"あさひ町（50,000人）{sentence}" in words(get(client, cast.officer, "detail", case.source_id))


def test_of_several_organisations_the_nearest_in_size_is_compared_by_name(client, cast):
    Profile.objects.create(organization=cast.town, fiscal_year=2025, population=50_000)
    case = a_case("窓口", places=[("北海道", "北見市", "city", 114_000), ("北海道", "森町", "town", 30_000)])

    told = words(get(client, cast.officer, "detail", case.source_id))

    assert "北海道森町はあさひ町（50,000人）の約0.6倍の人口" in told


def test_names_are_told_within_reach_and_numbers_to_everybody(client, cast):
    case = a_case("窓口")
    an_uptake(case, cast.officer, UptakeState.DONE)
    an_uptake(case, cast.neighbour_officer, UptakeState.CONSIDERING)

    seen = {
        who: words(get(client, getattr(cast, who), "detail", case.source_id))
        for who in ("officer", "bureau_staff", "staff", "stranger_staff")
    }

    assert all("2団体 が参考にしています（実施1、検討中1）" in text for text in seen.values())
    assert {
        who: ("あさひ町" in text, "ゆうひ町" in text.split("市町村に代わって")[0]) for who, text in seen.items()
    } == {
        "officer": (True, False),
        "bureau_staff": (True, False),
        "staff": (True, True),
        "stranger_staff": (False, False),
    }


@pytest.mark.parametrize(
    ("who", "asked"), [("officer", True), ("staff", True), ("viewer", False), ("consultant", False)]
)
def test_the_form_is_for_those_who_may_use_it(client, cast, who, asked):
    text = get(client, getattr(cast, who), "detail", a_case("窓口").source_id).content.decode()

    assert ('name="state"' in text) is asked


def test_an_unpublished_case_is_there_only_for_its_own(client, cast):
    draft = a_case("下書き", state="draft", prefecture=cast.pref, organization=cast.town, audience="prefecture")

    own = get(client, cast.officer, "detail", draft.source_id)

    assert "公開していない事例です" in words(own)
    assert 'name="state"' not in own.content.decode()
    for who in ("neighbour_officer", "stranger_staff"):
        assert get(client, getattr(cast, who), "detail", draft.source_id).status_code == 404


@pytest.mark.parametrize(
    ("home", "state", "who", "sentence"),
    [
        ("town", "draft", "officer", "登録した団体だけが閲覧できます"),
        ("town", "in_review", "officer", "登録した団体と県だけが閲覧できます"),
        ("town", "archived", "staff", "登録した団体と県だけが閲覧できます"),
        ("pref", "draft", "staff", "県だけが閲覧できます"),
        (None, "draft", "consultant", "登録した人だけが閲覧できます"),
        (None, "in_review", "consultant", "登録した人と県だけが閲覧できます"),
        (None, "draft", "staff", "登録した人が離任したため、県だけが閲覧・編集できます"),
    ],
)
def test_an_unpublished_case_says_who_else_reads_it(client, cast, home, state, who, sentence):
    author = None if home or who == "staff" else cast.consultant
    organization = getattr(cast, home) if home else None
    case = a_case(
        "題", state=state, prefecture=cast.pref, organization=organization, author=author, audience="prefecture"
    )

    assert f"この事例は、{sentence}。" in words(get(client, getattr(cast, who), "detail", case.source_id))


def test_what_cannot_be_taken_up_yet_has_no_panel_for_it(client, cast):
    draft = a_case("下書き", state="draft", prefecture=cast.pref, organization=cast.town, audience="prefecture")

    assert 'id="uptake"' not in get(client, cast.officer, "detail", draft.source_id).content.decode()


def test_who_took_up_a_case_before_it_was_archived_is_still_told(client, cast):
    case = a_case("保管", prefecture=cast.pref, organization=cast.town, audience="prefecture")
    an_uptake(case, cast.officer)
    archive(case)

    assert "1団体 が参考にしています" in words(get(client, cast.officer, "detail", case.source_id))


def test_a_case_of_the_prefecture_is_not_there_for_another(client, cast):
    case = a_case("県内", audience="prefecture", prefecture=cast.pref)

    assert get(client, cast.neighbour_officer, "detail", case.source_id).status_code == 200
    assert get(client, cast.stranger_staff, "detail", case.source_id).status_code == 404


def test_an_archived_library_case_is_not_there(client, cast):
    case = a_case("保管")
    archive(case)

    assert get(client, cast.admin, "detail", case.source_id).status_code == 404


def test_an_unnamed_village_is_told_as_unconfirmed(client, cast):
    case = a_case("村の事例", places=[("", "村（名称非掲載）", "village", None)])
    CasePlace.objects.update(basis="unconfirmed")
    index.write([case.pk])

    page = words(get(client, cast.officer, "detail", case.source_id))

    assert "村（名称非掲載）" in page
    assert "未確認" in page


def test_the_bookmark_button_knows_its_state(client, cast):
    case = a_case("窓口")
    before = words(get(client, cast.officer, "detail", case.source_id))

    bookmarks.add(case, user=cast.officer)

    assert "ブックマークに登録" in before
    assert "ブックマークを外す" in words(get(client, cast.officer, "detail", case.source_id))


@pytest.mark.parametrize("item_count", [1, 3])
def test_query_count(client, cast, item_count, django_assert_num_queries):
    case = a_full_case(parts=item_count)
    for _ in range(item_count):
        a_full_case()
    for who in (cast.officer, cast.neighbour_officer)[:item_count]:
        an_uptake(case, who)
    client.force_login(cast.staff)

    with django_assert_num_queries(17):
        response = client.get(reverse("casestudies:detail", args=[case.source_id]))

    assert len(response.context["reading"].figures) == item_count
    assert len(response.context["similar"]) == item_count
