"""Figures before and after a merger, a new name and a moved bureau: each year as it was, nothing added up in silence."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from casestudies.models import Uptake
from dxportal.core.jobs.domain import drain
from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.models import Organization, Succession
from dxportal.core.ui.japanese import era
from dxportal.portal.models import Snapshot
from tests.support import answers as builders
from tests.support import changed as changes
from tests.support import dashboard as asking
from tests.support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(cast):
    return changes.make_changed(cast)


def text(page):
    return re.sub(r"\s+", "", strip_tags(page))


def table(page, name):
    """The text of one table of a page."""
    return text(re.search(rf'<table[^>]*id="{name}".*?</table>|id="{name}".*?</table>', page, re.S).group())


def test_each_year_counts_who_lived_then(client, changed):
    before = asking.page(client, changed.staff, "dashboard", survey=changed.before.pk)
    after = asking.page(client, changed.staff, "dashboard", survey=changed.after.pk)

    assert "4／4団体" in before
    assert "3／3団体" in after
    assert "令和5年度（2023年度）は100.0%" in after


def test_an_earlier_year_names_towns_as_they_were_with_what_stands_there_now(client, changed):
    page = asking.page(client, changed.staff, "dashboard", survey=changed.before.pk)
    heat, places = table(page, "heat-table"), table(page, "ranked-table")

    for shown in ("あさひ町（現：まんなか市）", "ゆうひ町（現：まんなか市）", "つきの町（現：つきの市）", "やまの村"):
        assert shown in heat
        assert shown in places
    assert "やまの村（現" not in text(page)
    assert page.count("tile-name") == 4


def test_the_present_year_names_nobody_of_the_past(client, changed):
    heat = table(asking.page(client, changed.staff, "dashboard", survey=changed.after.pk), "heat-table")

    assert "つきの市" in heat
    assert "まんなか市" in heat
    assert "あさひ町" not in heat
    assert "現：" not in heat


def test_a_merged_town_neither_moves_nor_is_new(client, changed):
    page = asking.page(client, changed.staff, "dashboard", survey=changed.after.pk)
    joined = table(page, "joined-table")

    assert "統合（旧あさひ町・旧ゆうひ町）" in joined
    assert "旧あさひ町：A共創、旧ゆうひ町：A共創" in joined
    flows = Snapshot.objects.get(kind="dashboard", key=str(changed.after.pk)).data["flows"]
    assert sorted(town for flow in flows for town in flow["towns"]) == sorted([changed.moon.pk, changed.hill.pk])


def test_the_mean_compares_only_those_that_were_there_both_times(client, changed):
    data = Snapshot.objects.get(kind="dashboard", key=str(changed.after.pk)).data
    towns = {town["id"]: town for town in data["towns"]}

    assert data["mean_change"] == [0, 1]
    assert towns[changed.city.pk]["total_last"] is None
    assert towns[changed.moon.pk]["total_last"] is not None


def test_figures_by_bureau_are_of_the_bureau_of_then(client, changed):
    north = changed.bureau.pk
    before = asking.page(client, changed.staff, "dashboard", survey=changed.before.pk, bureau=north)
    after = asking.page(client, changed.staff, "dashboard", survey=changed.after.pk, bureau=north)

    assert "やまの村" in table(before, "heat-table")
    assert "やまの村" not in table(after, "heat-table")


def test_the_dashboards_file_has_name_and_code_of_then_and_those_of_now(client, changed):
    rows = asking.rows_of(asking.get(client, changed.staff, "dashboard_export", survey=changed.before.pk, format="csv"))
    by_name = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}

    assert by_name["つきの町"]["団体コード"] == "900900"
    assert (by_name["つきの町"]["現在の団体"], by_name["つきの町"]["現在の団体コード"]) == ("つきの市", "900903")
    assert (by_name["あさひ町"]["現在の団体"], by_name["あさひ町"]["現在の団体コード"]) == ("まんなか市", "900902")
    assert by_name["やまの村"]["現在の団体"] == ""


def test_a_year_in_which_nobody_is_called_otherwise_has_no_such_columns(client, changed):
    rows = asking.rows_of(asking.get(client, changed.staff, "dashboard_export", survey=changed.after.pk, format="csv"))

    assert len(rows) == 4
    assert "現在の団体" not in rows[0]


def test_the_matrix_and_its_file_name_them_alike(client, changed):
    page = asking.page(client, changed.staff, "matrix", changed.before.pk)
    rows = asking.rows_of(asking.get(client, changed.staff, "matrix_export", changed.before.pk, format="csv"))

    assert "あさひ町（現：まんなか市）" in text(page)
    assert "提出4／4団体" in text(page)
    assert [(row[1], row[-2]) for row in rows[1:]] == [
        ("あさひ町", "まんなか市"), ("ゆうひ町", "まんなか市"), ("つきの町", "つきの市"), ("やまの村", ""),
    ]  # fmt: skip


def test_a_question_counts_each_year_by_its_own_and_compares_in_the_open(client, changed):
    before = text(asking.page(client, changed.staff, "question_result", changed.before.pk, "0-1"))
    after = asking.page(client, changed.staff, "question_result", changed.after.pk, "0-1")

    assert "つきの町（現：つきの市）" in before
    last = Snapshot.objects.get(kind="question", key=f"{changed.after.pk}:0-1").data["last"]
    assert (last["target_count"], last["counts"]) == (4, {"yes": 3, "no": 1})
    assert "（現：" not in text(after)


def test_municipalities_read_the_same_names_where_they_may_read_any(client, changed):
    page = asking.page(client, changed.city_officer, "dashboard", survey=changed.before.pk)
    matrix = asking.page(client, changed.city_officer, "matrix", changed.before.pk)

    assert "あさひ町（現：まんなか市）" in text(page)
    assert "つきの町（現：つきの市）" in text(matrix)


def test_hidden_names_stay_hidden(client, changed):
    page = asking.page(client, changed.staff, "dashboard", survey=changed.before.pk, names="hidden")

    assert "団体A" in page
    for name in ("まんなか市", "つきの市", "あさひ町"):
        assert name not in page[page.index('id="figures"') :]


def test_a_new_name_reaches_the_figures_of_the_past_by_itself(client, changed):
    values = {"name": "おおぞら市"}
    life_changes.record_change(
        changed.city.pk, values, day=changed.day + dt.timedelta(days=50), kind="renamed", user=changed.admin
    )
    drain()

    page = asking.page(client, changed.staff, "dashboard", survey=changed.before.pk)

    assert "あさひ町（現：おおぞら市）" in text(page)


def test_taking_a_merger_back_reaches_them_too(client, changed):
    life_changes.take_back(Organization.objects.get(pk=changed.neighbour.pk))
    drain()

    heat = table(asking.page(client, changed.staff, "dashboard", survey=changed.before.pk), "heat-table")

    assert "ゆうひ町（現" not in heat
    assert "あさひ町（現：まんなか市）" in heat


def test_a_new_town_gets_its_karte_as_soon_as_it_is_saved(changed):
    town = Organization(
        kind="municipality", name="あたらし町", parent=changed.bureau, prefecture=changed.pref, code="900990"
    )
    town.save()
    drain()

    assert Snapshot.objects.filter(kind="town", organization=town).exists()


def test_a_merged_towns_karte_shows_the_years_of_each_predecessor_for_itself(client, changed):
    for user in (changed.staff, changed.city_officer, changed.bureau_staff, changed.consultant):
        page = text(asking.page(client, user, "karte_history", changed.city.pk))
        assert "前身の団体：あさひ町" in page
        assert "前身の団体：ゆうひ町" in page
        assert page.count("合算しません") >= 2
        assert page.count("2023年度調査") == 2
    book = openpyxl.load_workbook(
        io.BytesIO(asking.get(client, changed.staff, "karte_export", changed.city.pk, format="xlsx").content)
    )
    rows = [row[:3] for row in book["前身の団体"].iter_rows(min_row=2, values_only=True)]
    assert rows == [("あさひ町", "2023年度調査", 2023), ("ゆうひ町", "2023年度調査", 2023)]


def test_a_town_that_became_a_city_has_one_karte_with_its_name_of_then(client, changed):
    history = text(asking.page(client, changed.staff, "karte_history", changed.moon.pk))
    before = text(asking.page(client, changed.staff, "karte", changed.moon.pk, survey=changed.before.pk))

    assert "つきの町（現：つきの市）" in history
    assert "この調査のときの名称：つきの町（現：つきの市）" in before
    assert "前身の団体" not in history


def test_ended_towns_are_marked_where_they_stand_among_the_living(client, changed):
    last = era(changed.day - dt.timedelta(days=1))
    mark = f"あさひ町（{last}まで・現在はまんなか市）"
    client.force_login(changed.admin)

    kartes = text(asking.page(client, changed.admin, "karte_list"))
    assert mark in kartes
    assert "3団体（ほかに廃止された2団体）" in kartes
    case = builders.library_case("移動窓口")
    for town in (changed.town, changed.city):
        Uptake.objects.create(case=case, organization=town, state="considering", by=changed.staff)
    for address in ("portal:audit", "accounts:member_list", "casestudies:uptakes", "organizations:list"):
        page = client.get(reverse(address)).content.decode()
        assert f"{last}まで・現在はまんなか市" in page, address
        assert "まんなか市（" not in page, address


def test_choices_of_today_offer_the_living_alone(client, changed):
    client.force_login(changed.admin)
    for address, args in (
        ("accounts:member_invite", ()),
        ("accounts:assignment_edit", (changed.consultant.memberships.get().pk,)),
        ("organizations:group_create", ()),
    ):
        page = client.get(reverse(address, args=args)).content.decode()
        assert "まんなか市" in page, address
        # The consultant's charge over あさひ町 is as it was made: what is ticked stays to be unticked.
        assert "ゆうひ町" not in page, address
    search = client.get(reverse("casestudies:search")).content.decode()
    assert "まんなか市" in search
    assert "ゆうひ町" not in search


def test_the_successors_home_says_whose_the_handed_in_answers_were(client, changed):
    client.force_login(changed.city_officer)
    page = text(client.get("/").content.decode())

    assert "2023年度調査（旧あさひ町）" in page
    assert "2023年度調査（旧ゆうひ町）" in page
    assert "2024年度調査（旧" not in page


def test_a_karte_of_beyond_the_border_is_read_by_the_successors_people_alone(client, changed):
    Succession.objects.filter(predecessor=changed.town).update(successor=changed.other_town)
    other = make.make_user(changed.other_town, "officer")
    over = make.make_user(changed.other_town.parent, "bureau_staff")

    karte = text(asking.page(client, other, "karte", changed.town.pk))
    own = asking.page(client, other, "karte_history", changed.other_town.pk)

    assert "2023年度調査" in karte
    assert reverse("portal:karte", args=[changed.town.pk]) in own
    for user in (over, changed.stranger_staff):
        assert asking.get(client, user, "karte", changed.town.pk).status_code == 404
    for name, args in (("question_result", (changed.before.pk, "0-1")), ("matrix", (changed.before.pk,))):
        response = asking.get(client, other, name, *args)
        assert response.status_code == 404 or "ゆうひ町" not in response.content.decode()
