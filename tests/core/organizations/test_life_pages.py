"""What happened to a town, recorded by hand by an admin, shown in its history, and taken back."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertInHTML

from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.models import FormerName, Group, Organization, Succession
from tests.support import factories as make

pytestmark = pytest.mark.django_db
EVE = dt.date(2026, 3, 31)


def post(client, act, town, **values):
    return client.post(reverse(f"organizations:life_{act}", args=[town.pk]), values, follow=True)


def city_values(cast, **changes):
    values = {
        "event": "city", "day": "令和8年4月1日", "code": "302015", "name": "あさひ市", "kana": "あさひし",
        "municipality_kind": "city", "parent": cast.bureau.pk,
    }  # fmt: skip
    return values | changes


def test_a_town_that_became_a_city_keeps_its_row_and_its_history_shows_both_names(client, cast):
    client.force_login(cast.admin)
    code = cast.town.code

    page = post(client, "change", cast.town, **city_values(cast)).content.decode()

    cast.town.refresh_from_db()
    assert (cast.town.code, cast.town.name, cast.town.municipality_kind) == ("302015", "あさひ市", "city")
    former = cast.town.former_names.get()
    assert (former.name, former.code, former.last_day, former.parent) == ("あさひ町", code, EVE, cast.bureau)
    assert "あさひ町→あさひ市" in page
    assert f"{code}→302015" in page


def test_a_town_moves_below_another_bureau_and_the_one_before_is_kept(client, cast):
    client.force_login(cast.admin)
    values = {"name": "あさひ町", "code": "", "municipality_kind": "town", "parent": cast.far_bureau.pk}
    Organization.objects.filter(pk=cast.town.pk).update(code=None)

    page = post(client, "change", cast.town, **city_values(cast, event="moved", **values)).content.decode()

    cast.town.refresh_from_db()
    assert (cast.town.parent, cast.town.former_names.get().parent) == (cast.far_bureau, cast.bureau)
    assert "北部振興局→南部振興局" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "2999-04-01"}, "day"),
        ({"event": "merger"}, "event"),
        ({"code": "302016"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "ゆうひ町"}, "name"),
    ],
)
def test_what_cannot_be_recorded_comes_back_with_what_was_typed_and_nothing_is_stored(client, cast, changes, field):
    client.force_login(cast.admin)

    response = post(client, "change", cast.town, **city_values(cast, **changes))

    assert set(response.context["form"].errors) == {field}
    assert 'value="あさひし"' in response.content.decode() or "アサヒシ" in response.content.decode()
    cast.town.refresh_from_db()
    assert cast.town.name == "あさひ町"
    assert not FormerName.objects.exists()


def test_recording_the_same_twice_is_one_change(client, cast):
    client.force_login(cast.admin)
    post(client, "change", cast.town, **city_values(cast))

    response = post(client, "change", cast.town, **city_values(cast))

    assert "今の情報と同じです" in response.content.decode()
    assert FormerName.objects.count() == 1


def test_a_merged_town_ends_and_points_to_whoever_took_it_in(client, cast):
    client.force_login(cast.admin)

    page = post(client, "end", cast.town, event="merger", day="2026-04-01", successors=[cast.neighbour.pk])

    cast.town.refresh_from_db()
    link = Succession.objects.get()
    assert (cast.town.last_day, link.predecessor, link.successor) == (EVE, cast.town, cast.neighbour)
    addresses = {place: reverse("organizations:detail", args=[place.pk]) for place in (cast.town, cast.neighbour)}
    assertInHTML(
        f'<td class="col-text"><a href="{addresses[cast.neighbour]}">ゆうひ町</a>へ</td>', page.content.decode()
    )
    taker = client.get(addresses[cast.neighbour]).content.decode()
    assertInHTML(f'<td class="col-text"><a href="{addresses[cast.town]}">あさひ町</a>を承継</td>', taker)
    # Whoever reads the successor reads what was before it; the bureau of the ended town does not read the successor.
    client.force_login(cast.far_bureau_staff)
    before = client.get(addresses[cast.neighbour]).content.decode()
    assertInHTML(f'<td class="col-text"><a href="{addresses[cast.town]}">あさひ町</a>を承継</td>', before)
    client.force_login(cast.bureau_staff)
    unreachable = client.get(addresses[cast.town]).content.decode()
    assertInHTML('<td class="col-text">ゆうひ町へ</td>', unreachable)


@pytest.mark.parametrize(
    ("event", "successors"),
    [("merger", []), ("split", []), ("merger", ["town"]), ("merger", ["other_town"]), ("abolished", ["neighbour"])],
)
def test_successors_that_do_not_fit_are_refused(client, cast, event, successors):
    client.force_login(cast.admin)
    keys = [getattr(cast, name).pk for name in successors]

    response = post(client, "end", cast.town, event=event, day="2026-04-01", successors=keys)

    assert set(response.context["form"].errors) == {"successors"}
    cast.town.refresh_from_db()
    assert cast.town.last_day is None


def test_towns_do_not_follow_each_other_in_a_circle(client, cast):
    client.force_login(cast.admin)
    third = make.make_municipality(cast.bureau, "よつば町")
    post(client, "end", cast.town, event="merger", day="2026-04-01", successors=[third.pk])
    Organization.objects.filter(pk=cast.town.pk).update(last_day=None)

    response = post(client, "end", third, event="merger", day="2026-05-01", successors=[cast.town.pk])

    assert "前身か承継団体として登録済み" in response.content.decode()
    third.refresh_from_db()
    assert third.last_day is None


def test_a_bureau_with_towns_does_not_end(client, cast):
    client.force_login(cast.admin)

    response = post(client, "end", cast.bureau, event="abolished", day="2026-04-01")

    assert "所管の振興局を変更してください" in response.content.decode()
    cast.bureau.refresh_from_db()
    assert cast.bureau.last_day is None


def test_an_end_and_a_new_name_are_taken_back_one_by_one(client, cast):
    client.force_login(cast.admin)
    code = cast.town.code
    post(client, "change", cast.town, **city_values(cast))
    post(client, "end", cast.town, event="merger", day="2026-05-01", successors=[cast.neighbour.pk])

    for _ in range(2):
        cast.town.refresh_from_db()
        post(client, "take_back", cast.town, last=life_changes.last_event(cast.town))

    cast.town.refresh_from_db()
    assert (cast.town.last_day, cast.town.name, cast.town.code, cast.town.parent) == (
        None,
        "あさひ町",
        code,
        cast.bureau,
    )
    assert (FormerName.objects.count(), Succession.objects.count()) == (0, 0)


def test_a_second_click_takes_nothing_more_back(client, cast):
    client.force_login(cast.admin)
    post(client, "change", cast.town, **city_values(cast))
    post(client, "end", cast.town, event="abolished", day="2026-05-01")
    cast.town.refresh_from_db()
    last = life_changes.last_event(cast.town)
    post(client, "take_back", cast.town, last=last)

    response = post(client, "take_back", cast.town, last=last)

    assert response.status_code == 409
    cast.town.refresh_from_db()
    assert (cast.town.name, cast.town.last_day) == ("あさひ市", None)


def test_a_new_town_of_a_merger_begins_on_its_day_and_follows_those_before_it(client, cast):
    client.force_login(cast.admin)
    values = {"name": "あさゆう市", "municipality_kind": "city", "parent": cast.bureau.pk, "first_day": "令和8年4月1日"}
    client.post(reverse("organizations:municipality_create"), values)
    new = Organization.objects.get(name="あさゆう市")

    early = post(client, "end", cast.town, event="merger", day="2026-03-01", successors=[new.pk])
    for town in (cast.town, cast.neighbour):
        post(client, "end", town, event="merger", day="2026-04-01", successors=[new.pk])

    assert "存続していません" in early.content.decode()
    lives = read_lives([new.pk])
    assert lives.predecessors(new.pk, EVE) == (cast.town.pk, cast.neighbour.pk)
    assert lives.successors(cast.town.pk, EVE + dt.timedelta(days=1)) == (new.pk,)


def test_two_towns_of_one_name_are_told_apart_by_their_districts(client, cast):
    client.force_login(cast.admin)
    values = {"name": "ゆうひ町", "municipality_kind": "town", "parent": cast.bureau.pk}
    address = reverse("organizations:municipality_create")

    refused = client.post(address, values)
    taken = client.post(address, values | {"district": "北郡"})

    assert set(refused.context["form"].errors) == {"name"}
    assert taken.status_code == 302
    assert Organization.objects.filter(name="ゆうひ町", prefecture=cast.pref).count() == 2


def test_a_former_code_is_not_given_to_another_town(client, cast):
    make.make_municipality(cast.bureau, "よつば町").former_names.create(
        code="302015", name="よつば村", last_day=EVE, kind="city"
    )
    client.force_login(cast.admin)

    response = post(client, "change", cast.town, **city_values(cast))

    assert set(response.context["form"].errors) == {"code"}


def test_the_living_are_those_whose_life_holds_the_day(cast):
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    ended = make.make_municipality(cast.bureau, last_day=today - day)
    last = make.make_municipality(cast.bureau, last_day=today)
    coming = make.make_municipality(cast.bureau, first_day=today + day)

    living = set(Organization.objects.municipalities().filter(parent=cast.bureau).living(today))

    assert living == {cast.town, last}
    assert {place for place in (ended, last, coming, cast.town) if place.lives_on(today)} == living


def test_a_town_that_was_registered_by_mistake_is_deleted(client, cast):
    town = make.make_municipality(cast.bureau, "まちがい町")
    client.force_login(cast.admin)

    response = client.post(reverse("organizations:delete", args=[town.pk]))

    assert response.status_code == 302
    assert not Organization.objects.filter(pk=town.pk).exists()


@pytest.mark.parametrize("hung", ["people", "figures", "group", "name", "successor"])
def test_a_town_on_which_anything_hangs_is_not_deleted(client, cast, hung):
    town = make.make_municipality(cast.bureau, "よつば町")
    if hung == "people":
        make.make_user(town, "officer")
    elif hung == "figures":
        town.profiles.create(fiscal_year=2024, population=1)
    elif hung == "group":
        Group.objects.create(prefecture=cast.pref, name="協議会").members.add(town)
    elif hung == "name":
        town.former_names.create(name="旧よつば村", last_day=EVE, kind="city")
    else:
        Succession.objects.create(predecessor=cast.neighbour, successor=town, day=EVE, kind="merger")
    client.force_login(cast.admin)

    page = client.post(reverse("organizations:delete", args=[town.pk]), follow=True).content.decode()

    assert "削除できません" in page
    assert Organization.objects.filter(pk=town.pk).exists()


def test_an_ended_town_is_no_longer_offered_and_stays_where_it_was_ticked(client, cast):
    group = Group.objects.create(prefecture=cast.pref, name="協議会")
    group.members.add(cast.town)
    Organization.objects.filter(pk=cast.town.pk).update(last_day=EVE)
    client.force_login(cast.admin)

    new = client.get(reverse("organizations:group_create")).content.decode()
    client.post(
        reverse("organizations:group_edit", args=[group.pk]),
        {"name": "協議会", "members": [cast.town.pk, cast.neighbour.pk]},
    )

    assert "あさひ町" not in new
    assert set(group.members.all()) == {cast.town, cast.neighbour}


def test_the_list_counts_the_living_and_names_the_ended(client, cast):
    Organization.objects.filter(pk=cast.town.pk).update(last_day=EVE)
    client.force_login(cast.admin)

    response = client.get(reverse("organizations:list"))

    assert (response.context["count"], response.context["ended_count"]) == (1, 1)
    assert "ほかに廃止された1団体" in response.content.decode()
