import re

import pytest
from django.urls import reverse

from casestudies.domain.contribution import write
from casestudies.models import Case
from dxportal.core.organizations.models import Profile


def url(name, case, **more):
    return reverse(f"casestudies:{name}", kwargs={"source_id": case.source_id, **more})


@pytest.fixture
def as_officer(client, cast):
    client.force_login(cast.officer)
    return client


def test_a_new_case_begins_with_the_own_municipality_and_its_newest_population(as_officer, cast):
    Profile.objects.create(organization=cast.town, fiscal_year=2024, population=8123)
    Profile.objects.create(organization=cast.town, fiscal_year=2023, population=9000)

    page = as_officer.get(reverse("casestudies:create")).content.decode()

    assert 'value="あさひ町"' in page
    assert 'value="みほん県"' in page
    assert 'value="8,123"' in page or 'value="8123"' in page


def test_a_consultant_begins_with_the_municipality_in_charge(client, cast):
    client.force_login(cast.consultant)

    assert 'value="あさひ町"' in client.get(reverse("casestudies:create")).content.decode()


def test_all_fields_are_stored_and_the_reader_s_page_follows(as_officer, form_data, full):
    answer = as_officer.post(reverse("casestudies:create"), form_data())

    case = Case.objects.get()
    assert answer.url == url("detail", case)
    assert write.content_of(case) == full


def test_a_draft_needs_only_a_title(as_officer):
    as_officer.post(reverse("casestudies:create"), rows({"title": "題だけ"}))

    assert Case.objects.get().title == "題だけ"


def rows(data, **totals):
    names = ("organizations", "similar", "figures", "costs", "links")
    return (
        {f"{name}-TOTAL_FORMS": totals.get(name, 0) for name in names} | {f"{n}-INITIAL_FORMS": 0 for n in names} | data
    )


def test_another_row_keeps_what_was_typed_and_saves_nothing(as_officer):
    typed = {"title": "とちゅう", "areas": ["ai"], "figures-0-value_": "十二", "add": "figures"}

    page = as_officer.post(reverse("casestudies:create"), rows(typed, figures=1)).content.decode()

    assert 'name="figures-1-value_"' in page
    assert 'name="figures-2-value_"' not in page.split("<template>")[0] + "".join(page.split("</template>")[1:])
    assert 'value="十二"' in page
    assert 'value="とちゅう"' in page
    assert re.search(r'value="ai"[^>]*checked', page)
    assert "error-summary" not in page
    assert not Case.objects.exists()


def test_wrong_values_are_told_by_row_and_stay(as_officer):
    typed = {
        "title": "", "year": "去年", "summary": "あ" * 10_000,
        "figures-0-value_": "１２", "figures-0-meaning": "", "costs-0-value_": "-5", "costs-0-meaning": "負の費用",
        "links-0-label": "悪いもの", "links-0-url": "javascript:alert(1)", "organizations-0-name": "あさひ町",
        "organizations-0-prefecture": "みほん",
    }  # fmt: skip

    page = as_officer.post(reverse("casestudies:create"), rows(typed, figures=1, costs=1, links=1, organizations=1))

    text = page.content.decode()
    for message in (
        "400文字以内で入力してください（現在10000文字",
        "数値 1行目の意味",
        "費用 1行目の金額",
        "関連アドレス 1行目のアドレス",
        "取組団体 1行目の都道府県",
    ):
        assert message in text
    assert "javascript:alert(1)" in text
    assert 'href="javascript:' not in text
    assert not Case.objects.exists()


@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
def test_a_nul_is_refused_in_words(as_officer, text):
    page = as_officer.post(reverse("casestudies:create"), rows({"title": text, "tags": text}))

    assert page.status_code == 200
    assert not Case.objects.exists()


def test_emoji_and_rare_characters_are_kept(as_officer):
    title = "👨‍👩‍👧 𠮷野家の🏯と髙い塔"

    as_officer.post(reverse("casestudies:create"), rows({"title": title, "tags": "🏯、①"}))

    case = Case.objects.get()
    assert (case.title, case.tags) == (title, ["🏯", "①"])


@pytest.mark.parametrize(
    "hostile",
    [
        {"step": "99"}, {"step": "x"}, {"areas": ["no-such"]}, {"field": "outcome_01"}, {"year": "9" * 50},
        {"figures-TOTAL_FORMS": "99999"}, {"figures-TOTAL_FORMS": "x"},
        {"figures-TOTAL_FORMS": "1", "figures-0-value_": "1e400", "figures-0-meaning": "x"},
        {"figures-TOTAL_FORMS": "1", "figures-0-value_": "NaN", "figures-0-meaning": "x"},
        {"costs-TOTAL_FORMS": "1", "costs-0-value_": "9" * 25, "costs-0-meaning": "x"},
        {"organizations-TOTAL_FORMS": "1", "organizations-0-name": "町", "organizations-0-population": "９" * 12},
        {"tags": "、".join(map(str, range(21)))}, {"tags": "あ" * 41}, {"title": "あ" * 121},
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_page(as_officer, hostile):
    answer = as_officer.post(reverse("casestudies:create"), rows({"title": "よい題"}) | hostile)

    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_row_marked_for_removal_is_dropped_whatever_it_says(as_officer):
    typed = {"title": "題", "figures-0-value_": "？", "figures-0-remove": "on"}

    as_officer.post(reverse("casestudies:create"), rows(typed, figures=1))

    assert not Case.objects.get().figures.exists()


@pytest.mark.parametrize(("typed", "year"), [("2024", 2024), ("令和6年度", 2024), ("Ｒ６", 2024), ("平成元年", 1989)])
def test_years_are_read_as_people_write_them(as_officer, typed, year):
    page = as_officer.post(reverse("casestudies:create"), rows({"title": "題", "year": typed}))

    if year < 1990:
        assert "1990～2100" in page.content.decode().replace(",", "")
    else:
        assert Case.objects.get().year == year


def test_a_year_that_is_none_is_told_as_it_was_typed(as_officer):
    page = as_officer.post(reverse("casestudies:create"), rows({"title": "題", "year": "去年"}))

    assert "年度を西暦か和暦で入力してください（例：2024、令和6年度）。入力された値：「去年」" in page.content.decode()


@pytest.mark.parametrize(("person", "words"), [("consultant", "自分が登録した"), ("officer", "自分の団体が登録した")])
def test_the_list_says_whose_cases_it_holds(client, cast, person, words):
    client.force_login(getattr(cast, person))

    assert f"{words}事例" in client.get(reverse("casestudies:manage")).content.decode()


@pytest.mark.django_db(transaction=True)  # as in life, each save has its own moment
def test_two_people_saving_at_once_see_both_values_and_lose_nothing(client, cast, write_case, form_data, full):
    case = write_case(cast.officer)
    client.force_login(cast.approver)
    client.post(url("edit", case), form_data(revision=case.revision, issue="承認者の課題"))
    client.force_login(cast.officer)
    mine = form_data(revision=case.revision, issue="担当者の課題")

    answer = client.post(url("edit", case), mine)

    page = answer.content.decode()
    case.refresh_from_db()
    assert answer.status_code == 409
    assert case.issue == "承認者の課題"
    assert "承認者の課題" in page
    assert page.count("担当者の課題") == 2  # beside the stored one, and still in the form
    assert "町 承認" in page
    assert f'name="revision" value="{case.revision}"' in page

    client.post(url("edit", case), mine | {"revision": case.revision})

    case.refresh_from_db()
    assert case.issue == "担当者の課題"


@pytest.mark.parametrize("revision", ["", "x", "-1", "９", "99999999999"])
def test_a_form_without_a_proper_revision_changes_nothing(as_officer, cast, write_case, form_data, revision):
    case = write_case(cast.officer)

    answer = as_officer.post(url("edit", case), form_data(revision=revision, title="上書き"))

    assert answer.status_code == 409
    assert Case.objects.get().title != "上書き"


def test_staff_mend_a_published_case_and_are_told_that_readers_see_it(client, cast, write_case, form_data):
    case = write_case(cast.officer, staff=cast.staff, state="published")
    client.force_login(cast.staff)
    assert "公開中の事例です" in client.get(url("edit", case)).content.decode()

    client.post(url("edit", case), form_data(revision=case.revision, title="直した題"))

    case.refresh_from_db()
    assert (case.title, case.state, case.index.revision) == ("直した題", "published", case.revision)
    client.force_login(cast.officer)
    assert client.get(url("edit", case)).status_code == 403


def test_a_neighbour_reads_a_published_case_but_sees_nothing_behind_it(client, cast, write_case):
    case = write_case(cast.officer, staff=cast.staff, state="published")
    client.force_login(cast.neighbour_officer)

    assert {name: client.get(url(name, case)).status_code for name in ("edit", "review", "history", "delete", "attachments")} == {
        "edit": 403, "review": 403, "history": 403, "delete": 403, "attachments": 403,
    }  # fmt: skip
    draft = write_case(cast.officer, title="まだ下書き")
    assert client.get(url("review", draft)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(client, cast, write_case, count, django_assert_num_queries):
    for number in range(count):
        write_case(cast.officer, state="in_review", title=f"事例{number}")
    client.force_login(cast.staff)

    with django_assert_num_queries(6):
        page = client.get(reverse("casestudies:manage"))

    assert len(page.context["rows"]) == count


def test_staff_see_the_queue_first_and_no_drafts_of_municipalities(client, cast, write_case):
    write_case(cast.officer, title="町の下書き")
    write_case(cast.officer, staff=cast.staff, state="published", title="公開した")
    write_case(cast.officer, state="in_review", title="先に依頼")
    write_case(cast.neighbour_officer, state="in_review", title="後で依頼")
    write_case(cast.stranger_staff, state="in_review", title="となりの県")
    client.force_login(cast.staff)

    page = client.get(reverse("casestudies:manage"))

    assert [one.title for one in page.context["rows"]] == ["先に依頼", "後で依頼", "公開した"]
    assert "2件の事例が、県の確認を待っています" in page.content.decode()


def test_the_list_is_narrowed_by_state_and_words(client, cast, write_case):
    write_case(cast.officer, title="窓口の予約")
    write_case(cast.officer, title="電子契約")
    write_case(cast.officer, state="in_review", title="窓口の地図")
    client.force_login(cast.officer)

    def titles(**query):
        return [one.title for one in client.get(reverse("casestudies:manage"), query).context["rows"]]

    assert titles(state="draft", q="窓口") == ["窓口の予約"]
    assert titles(q="窓口") == ["窓口の地図", "窓口の予約"]
    assert titles(q="窓口\x00", state="nonsense") == ["窓口の地図", "窓口の予約"]
    assert titles(q="どこにもない") == []
    assert titles(q="電子 契約") == titles(q="電子　契約") == ["電子契約"]


@pytest.mark.parametrize("typed", ["生成AI", "生成 AI", "生成　ＡＩ", "あさひ町", "アサヒ町", "旭 町"])
def test_the_list_knows_titles_and_towns_in_any_writing(client, cast, write_case, typed):
    cast.town.name = "旭町" if typed == "旭 町" else "あさひ町"
    cast.town.save()
    write_case(cast.officer, title="生成 AIの試行")
    write_case(cast.officer, title="生成AIの研修")
    client.force_login(cast.officer)

    page = client.get(reverse("casestudies:manage"), {"q": typed})

    assert {case.title for case in page.context["rows"]} == {"生成 AIの試行", "生成AIの研修"}
