"""Cases on the karte and on the home page: what might help, and what was taken up."""

import pytest
from django.urls import reverse

from casestudies.domain.reading.uptake import UptakeWish, take_up
from casestudies.domain.search import index
from casestudies.enums import Audience, CaseState, UptakeState
from casestudies.models import CasePlace
from dxportal.core.taxonomy.models import Area
from dxportal.portal.models import Snapshot
from tests.support import answers as builders
from tests.support.dashboard import get as ask
from tests.support.dashboard import page, rows_of

pytestmark = pytest.mark.django_db
BY_SIZE = "人口規模（0.8万人）と団体の種類（町）が近いため"
BY_SCORE = "ステップ1全体方針が県平均より25.0点低く"


def like_town(title="隣国の計画", *, step=1, population=8000, **values):
    return builders.library_case(title, step=step, places=[("遠い県", "遠町", "town", population)], **values)


def test_the_karte_names_cases_for_what_is_weak_with_the_reason(client, cast):
    survey = builders.two_years(cast, towns=4)
    case = like_town()
    like_town("別の段階", step=3, population=900_000)

    text = page(client, cast.staff, "karte", cast.neighbour.pk)

    told = text[text.index("cases-told") : text.index("cases-taken")]
    assert BY_SCORE in told
    assert "人口規模が近く（0.8万人）、同じ町の取組であるため" in told
    assert f"{survey.title}の得点が県平均を下回るところ" in told
    assert reverse("casestudies:detail", args=[case.source_id]) in told
    assert "遠い県遠町（人口8,000人）" in told
    assert "別の段階" not in told


def test_an_area_below_the_mean_finds_cases_of_that_area(client, cast):
    builders.two_years(cast, towns=4)
    case = builders.library_case("計画の事例", places=[("遠い県", "大都市", "city", 900_000)])
    case.areas.set([Area.objects.get(code="policy")])
    index.write([case.pk])

    assert "「計画・方針」の達成率が県平均より83ポイント低いため" in page(
        client, cast.staff, "karte", cast.neighbour.pk
    )


@pytest.mark.parametrize("name", ["karte", "home"])
def test_before_publication_a_municipality_gets_no_reason_that_tells_a_score(client, cast, name):
    builders.two_years(cast, towns=4, step="proposed")
    like_town()
    args = [cast.neighbour.pk] if name == "karte" else []

    text = page(client, cast.neighbour_officer, name, *args)

    assert BY_SIZE in text
    assert "県平均より" not in text[text.index("cases-told") :]
    assert "表示できる得点がまだないため" in text
    assert BY_SCORE in page(client, cast.staff, "karte", cast.neighbour.pk)


def test_after_publication_the_home_page_names_three(client, cast):
    builders.two_years(cast, towns=4)
    for number in range(5):
        like_town(f"事例その{number}", population=9000 + number)

    text = page(client, cast.neighbour_officer, "home")

    assert [f"事例その{number}" in text for number in range(5)] == [True, True, True, False, False]
    assert BY_SCORE in text


def test_what_is_taken_up_leaves_the_recommendations_at_once_and_is_listed(client, cast):
    builders.two_years(cast, towns=4)
    case = like_town()
    assert BY_SCORE in page(client, cast.neighbour_officer, "karte", cast.neighbour.pk)

    wish = UptakeWish(UptakeState.PREPARING, "来年度の予算で")
    take_up(case.pk, cast.neighbour.pk, wish, user=cast.neighbour_officer)
    text = page(client, cast.neighbour_officer, "karte", cast.neighbour.pk)

    told, taken = text[text.index("cases-told") : text.index("cases-taken")], text[text.index("cases-taken") :]
    assert case.title not in told
    assert "おすすめできる事例はありません" in told
    assert case.title in taken
    assert "準備中" in taken
    assert "来年度の予算で" in taken
    assert case.title in page(client, cast.neighbour_officer, "home")


def test_the_home_page_lists_what_is_under_way_and_the_karte_everything(client, cast):
    for state in UptakeState:
        take_up(like_town(f"事例{state.label}").pk, cast.town.pk, UptakeWish(state), user=cast.officer)
    builders.two_years(cast)

    home, karte = page(client, cast.officer, "home"), page(client, cast.staff, "karte", cast.town.pk)

    assert [f"事例{state.label}" in home for state in UptakeState] == [True, True, False, False]
    assert home.index("事例準備中") < home.index("事例検討中")
    assert all(f"事例{state.label}" in karte for state in UptakeState)


def test_the_home_page_stays_short_however_much_is_under_way(client, cast):
    for number in range(7):
        wish = UptakeWish(UptakeState.PREPARING, "窓口の課と費用を確かめる。" * 20)
        take_up(like_town(f"事例その{number}").pk, cast.town.pk, wish, user=cast.officer)

    home = page(client, cast.officer, "home")

    assert home.count("事例その") == 5
    assert home.count("窓口の課と費用を確かめる。") == 5 * 6
    assert "ほかに準備中・検討中が2件あります" in home
    assert reverse("casestudies:uptakes") in home


def test_a_case_that_changes_or_leaves_the_library_does_so_here_too(client, cast):
    builders.two_years(cast, towns=4)
    case = like_town()
    assert "隣国の計画" in page(client, cast.staff, "karte", cast.neighbour.pk)

    CasePlace.objects.filter(case=case).update(name="新町")
    index.write([case.pk])
    assert "遠い県新町" in page(client, cast.staff, "karte", cast.neighbour.pk)

    case.refresh_from_db()
    case.state = CaseState.ARCHIVED
    case.save()
    index.write([case.pk])
    assert "隣国の計画" not in page(client, cast.staff, "karte", cast.neighbour.pk)


@pytest.mark.parametrize("role", ["staff", "consultant", "bureau_staff", "officer"])
def test_cases_that_others_keep_to_themselves_are_told_to_nobody_else(client, cast, role):
    builders.two_years(cast)
    like_town("となり県だけの事例", audience=Audience.PREFECTURE, prefecture=cast.other_pref)
    like_town("下書きの事例", state=CaseState.DRAFT, published_at=None)
    like_town("県内の事例", audience=Audience.PREFECTURE, prefecture=cast.pref)

    text = page(client, getattr(cast, role), "karte", cast.town.pk)

    assert "県内の事例" in text
    assert "となり県だけの事例" not in text
    assert "下書きの事例" not in text


def test_a_municipality_is_not_told_of_its_own_case(client, cast):
    builders.two_years(cast)
    case = like_town("自分の事例")
    CasePlace.objects.filter(case=case).update(organization=cast.town)
    index.write([case.pk])

    assert "自分の事例" not in page(client, cast.officer, "karte", cast.town.pk)


def test_a_municipality_without_figures_is_told_by_size_and_kind(client, cast):
    builders.place(cast.town, population=8_000)
    like_town()

    assert BY_SIZE in page(client, cast.officer, "home")
    assert BY_SIZE in page(client, cast.officer, "karte", cast.town.pk)


def test_without_any_case_both_pages_say_what_to_do(client, cast):
    builders.two_years(cast)
    for name, args in (("home", []), ("karte", [cast.town.pk])):
        text = page(client, cast.officer, name, *args)
        assert "おすすめできる事例はありません" in text
        assert "「参考にする」で登録すると" in text


def test_the_workbook_lists_both(client, cast):
    builders.two_years(cast, towns=4)
    taken, told = like_town("取り上げた事例"), like_town()
    take_up(taken.pk, cast.neighbour.pk, UptakeWish(UptakeState.DONE, "実施済み"), user=cast.neighbour_officer)

    answer = ask(client, cast.neighbour_officer, "karte_export", cast.neighbour.pk, sheet="cases", format="csv")

    rows = rows_of(answer)
    assert [row[:3] for row in rows if len(row) > 2][1:] == [
        ["参考にしている", taken.source_id, "取り上げた事例"],
        ["参考になる", told.source_id, "隣国の計画"],
    ]
    assert BY_SCORE in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "most"), [("karte", 14), ("home", 14)])
def test_cases_cost_few_queries_and_fewer_the_second_time(
    client, cast, django_assert_max_num_queries, name, most, count
):
    builders.two_years(cast)
    for number in range(count):
        like_town(f"事例{number}")
        taken = like_town(f"参考{number}")
        take_up(taken.pk, cast.town.pk, UptakeWish(UptakeState.CONSIDERING), user=cast.officer)
    client.force_login(cast.officer)
    address = reverse(f"portal:{name}", args=[cast.town.pk] if name == "karte" else [])

    with django_assert_max_num_queries(most):
        client.get(address)
    with django_assert_max_num_queries(most - 4):
        client.get(address)


def test_the_rows_made_for_municipalities_hold_no_weakness_before_publication(cast):
    builders.two_years(cast, towns=4, step="proposed")
    assert {row.data["scores"] for row in Snapshot.objects.filter(kind="karte.public")} == {None}
    assert not Snapshot.objects.filter(kind="comparison.public").exists()
