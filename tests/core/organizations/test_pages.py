import datetime as dt

import pytest
from django.urls import reverse

from dxportal.core.organizations.forms.organizations import OrganizationForm
from dxportal.core.organizations.models import Group, Organization, Profile
from dxportal.core.workflow.errors import NotPossible
from tests.support import factories as make

pytestmark = pytest.mark.django_db
USERS = (
    "anonymous", "stranger_staff", "officer", "viewer", "consultant", "far_bureau_staff", "bureau_staff", "staff", "admin",
)  # fmt: skip
READ_PLACE = (302, 404, 403, 403, 403, 404, 200, 200, 200)
EDIT_PLACE = (302, 404, 403, 403, 403, 403, 403, 403, 200)
ACCESS = {
    "list": (302, 200, 403, 403, 403, 200, 200, 200, 200),
    "detail": READ_PLACE,
    "edit": EDIT_PLACE,
    "profile_edit": EDIT_PLACE,
    "bureau_create": (302, 200, 403, 403, 403, 403, 403, 403, 200),
    "municipality_create": (302, 200, 403, 403, 403, 403, 403, 403, 200),
    "group_list": (302, 200, 403, 403, 403, 200, 200, 200, 200),
    "group_create": (302, 200, 403, 403, 403, 403, 403, 403, 200),
    "group_edit": EDIT_PLACE,
    "group_delete": EDIT_PLACE,
}


@pytest.fixture
def group(cast):
    results = Group.objects.create(prefecture=cast.pref, name="東部協議会")
    results.members.add(cast.town)
    return results


def address(name, cast, group):
    arguments = {
        "detail": [cast.town.pk],
        "edit": [cast.town.pk],
        "profile_edit": [cast.town.pk, 2024],
        "group_edit": [group.pk],
        "group_delete": [group.pk],
    }
    return reverse(f"organizations:{name}", args=arguments.get(name, []))


@pytest.mark.parametrize(("name", "expected"), ACCESS.items())
def test_who_reaches_which_page(client, cast, group, name, expected):
    seen = []
    for who in USERS:
        client.logout()
        if who != "anonymous":
            client.force_login(getattr(cast, who))
        seen.append(client.get(address(name, cast, group)).status_code)

    assert dict(zip(USERS, seen, strict=True)) == dict(zip(USERS, expected, strict=True))


def test_the_list_holds_exactly_what_is_in_reach(client, cast):
    client.force_login(cast.bureau_staff)

    response = client.get(reverse("organizations:list"))

    assert set(response.context["rows"]) == {cast.bureau, cast.town}


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_asks_equally_often_for_few_and_many(client, cast, item_count, django_assert_num_queries):
    for _ in range(item_count):
        place = make.make_municipality(cast.bureau)
        Profile.objects.create(organization=place, fiscal_year=2024, population=1000)
    client.force_login(cast.staff)
    client.get(reverse("organizations:list"))

    with django_assert_num_queries(3):
        response = client.get(reverse("organizations:list"))

    assert response.context["count"] == item_count + 2


def test_figures_are_taken_as_offices_write_them(client, cast):
    client.force_login(cast.admin)
    values = {
        "population": "１，２００人",
        "population_date": "令和6年1月1日",
        "staff": "38",
        "tile_row": "2",
        "tile_column": "３",
    }

    response = client.post(reverse("organizations:profile_edit", args=[cast.town.pk, 2024]), values)

    assert response.status_code == 302
    profile = cast.town.profiles.get()
    assert (profile.fiscal_year, profile.population, profile.population_date) == (2024, 1200, dt.date(2024, 1, 1))
    assert (profile.staff, profile.tile_row, profile.tile_column) == (38, 2, 3)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"population": "千人"}, {"population"}),
        ({"population": "-1"}, {"population"}),
        ({"population": "5"}, {"population_date"}),
        ({"tile_row": "1"}, {"tile_column"}),
        ({"tile_row": "21", "tile_column": "1"}, {"tile_row"}),
        ({"tile_row": "5", "tile_column": "5"}, {"tile_row"}),
    ],
)
def test_impossible_figures_come_back_with_what_was_typed(client, cast, values, fields):
    Profile.objects.create(organization=cast.neighbour, fiscal_year=2024, tile_row=5, tile_column=5)
    client.force_login(cast.admin)

    response = client.post(reverse("organizations:profile_edit", args=[cast.town.pk, 2024]), values)

    assert set(response.context["form"].errors) == fields
    assert all(f'value="{value}"' in response.content.decode() for value in values.values())
    assert not cast.town.profiles.exists()


def test_a_town_moves_below_another_bureau(client, cast):
    client.force_login(cast.admin)
    values = {
        "code": "303411",
        "name": "あさひ市",
        "kana": "あさひし",
        "municipality_kind": "city",
        "parent": cast.far_bureau.pk,
    }

    response = client.post(reverse("organizations:edit", args=[cast.town.pk]), values)

    assert response.status_code == 302
    cast.town.refresh_from_db()
    assert (cast.town.code, cast.town.name, cast.town.kana) == ("303411", "あさひ市", "アサヒシ")
    assert cast.town.parent == cast.far_bureau


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "303412"}, "code"),
        ({"name": "ゆうひ町"}, "name"),
        ({"parent": ""}, "parent"),
        ({"municipality_kind": ""}, "municipality_kind"),
    ],
)
def test_master_data_is_checked(client, cast, changes, field):
    client.force_login(cast.admin)
    values = {"code": "303411", "name": "あさひ町", "municipality_kind": "town", "parent": cast.bureau.pk, **changes}

    response = client.post(reverse("organizations:edit", args=[cast.town.pk]), values)

    assert set(response.context["form"].errors) == {field}


def test_a_town_cannot_be_hung_below_another_prefecture(client, cast):
    client.force_login(cast.admin)
    values = {"code": "303411", "name": "あさひ町", "municipality_kind": "town", "parent": cast.other_pref.pk}

    response = client.post(reverse("organizations:edit", args=[cast.town.pk]), values)

    assert set(response.context["form"].errors) == {"parent"}


def test_a_bureau_is_added_to_the_admins_own_prefecture(client, cast):
    client.force_login(cast.admin)

    client.post(reverse("organizations:bureau_create"), {"name": "西部振興局", "kana": "せいぶしんこうきょく"})

    bureau = Organization.objects.get(name="西部振興局")
    assert (bureau.kind, bureau.parent, bureau.prefecture) == ("bureau", cast.pref, cast.pref)


def test_of_two_people_who_add_the_same_bureau_at_once_the_second_is_told(cast):
    forms = [
        OrganizationForm(
            {"name": "西部振興局"}, instance=Organization(kind="bureau", prefecture=cast.pref, parent=cast.pref)
        )
        for _ in range(2)
    ]
    assert all(form.is_valid() for form in forms)
    forms[0].save()

    with pytest.raises(NotPossible, match="ほかの操作で登録"):
        forms[1].save()

    assert Organization.objects.filter(name="西部振興局").count() == 1


def test_a_group_takes_only_towns_in_reach(client, cast):
    client.force_login(cast.admin)
    address = reverse("organizations:group_create")

    refused = client.post(address, {"name": "協議会", "members": [cast.town.pk, cast.other_town.pk]})
    taken = client.post(address, {"name": "協議会", "members": [cast.town.pk, cast.neighbour.pk]})

    assert set(refused.context["form"].errors) == {"members"}
    assert taken.status_code == 302
    assert set(Group.objects.get().members.all()) == {cast.town, cast.neighbour}


def test_members_of_another_prefecture_stay_when_the_group_is_changed(client, cast, group):
    group.members.add(cast.other_town)
    client.force_login(cast.admin)

    client.post(
        reverse("organizations:group_edit", args=[group.pk]), {"name": "新名称", "members": [cast.neighbour.pk]}
    )

    assert set(group.members.all()) == {cast.neighbour, cast.other_town}


def test_a_group_that_a_survey_went_to_is_kept(client, cast, group):
    make.make_survey(cast.pref, group=group)
    client.force_login(cast.admin)

    response = client.post(reverse("organizations:group_delete", args=[group.pk]), follow=True)

    assert "削除できません" in response.content.decode()
    assert Group.objects.filter(pk=group.pk).exists()


def test_an_unused_group_is_deleted(client, cast, group):
    client.force_login(cast.admin)

    client.post(reverse("organizations:group_delete", args=[group.pk]))

    assert not Group.objects.exists()


def test_the_workbook_holds_the_municipalities_in_reach(client, cast):
    client.force_login(cast.bureau_staff)

    response = client.get(reverse("organizations:list"), {"format": "xlsx"})

    assert response["Content-Type"].startswith("application/vnd.openxmlformats")


def test_the_place_above_is_a_link_only_within_reach(client, cast):
    above = f'href="{reverse("organizations:detail", args=[cast.pref.pk])}"'
    pages = {}
    for who in ("bureau_staff", "staff"):
        client.force_login(getattr(cast, who))
        pages[who] = client.get(reverse("organizations:detail", args=[cast.bureau.pk])).content.decode()

    assert above in pages["staff"]
    assert above not in pages["bureau_staff"]
    assert cast.pref.name in pages["bureau_staff"]
