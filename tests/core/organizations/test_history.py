"""What somebody changed of an organisation, read in the prefecture's audit by those who may open the organisation."""

import datetime as dt

import pghistory
import pytest
from django.urls import reverse

from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.enums import LifeEvent
from dxportal.core.organizations.models import Group, Organization, Profile
from dxportal.portal.domain.audit import Wanted, search

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 4, 1)


def history(user, *kinds, **wanted):
    return search(Wanted(kinds=kinds, **wanted), user=user)[0:50]


def changes_of(entry):
    return {change.label: (change.old, change.new) for change in entry.changes}


def test_a_corrected_name_and_figures_of_a_year_say_who_and_from_what(cast):
    with pghistory.context(user=cast.admin.pk):
        Organization.objects.filter(pk=cast.town.pk).update(name="あけぼの町")
        profile = Profile.objects.create(organization=cast.town, fiscal_year=2031, population=1200)
        Profile.objects.filter(pk=profile.pk).update(population=1300)

    renamed = history(cast.admin, "organization", organization=cast.town)[0]
    counted, first = history(cast.admin, "profile", organization=cast.town)[:2]

    assert (renamed.who, renamed.act, changes_of(renamed)) == (
        "県 管理子",
        "変更",
        {"名称": ("あさひ町", "あけぼの町")},
    )
    assert changes_of(counted) == {"人口（人）": ("1,200", "1,300")}
    assert (first.act, first.subject) == ("登録", "あけぼの町 令和13年度（2031年度）")


def test_a_merger_and_its_taking_back_leave_their_rows(cast):
    life_changes.end(cast.town, [cast.neighbour], day=DAY)
    life_changes.change(cast.neighbour, {"name": "ゆうひ市"}, day=DAY, kind=LifeEvent.RENAMED)
    (link,) = history(cast.admin, "succession")
    (former,) = history(cast.admin, "former_name")
    ended = history(cast.admin, "organization", organization=cast.town)[0]

    assert (link.act, link.subject) == ("登録", "あさひ町→ゆうひ市")
    assert changes_of(former)["旧名称"] == ("", "ゆうひ町")
    assert changes_of(ended)["最後の日"][1]

    life_changes.take_back(Organization.objects.get(pk=cast.town.pk))

    assert [entry.act for entry in history(cast.admin, "succession")] == ["取消", "登録"]


def test_only_those_who_may_open_the_organisation_read_it(cast):
    Organization.objects.filter(pk=cast.town.pk).update(kana="アサヒ")

    assert cast.town.name in {entry.place for entry in history(cast.admin, "organization")}
    assert cast.town.name not in {entry.place for entry in history(cast.stranger_staff, "organization")}
    assert {entry.place for entry in history(cast.officer, "organization")} <= {cast.town.name}


def test_what_was_registered_by_mistake_and_deleted_stays_in_the_audit_of_its_prefecture(cast):
    mistake = Organization.objects.create(
        kind="municipality", municipality_kind="town", name="まちがい町", parent=cast.pref, prefecture=cast.pref
    )
    life_changes.delete_unused(mistake.pk, user=cast.admin)

    entries = history(cast.admin, organization=mistake)

    assert [(entry.act, entry.place) for entry in entries] == [("取消", "まちがい町"), ("登録", "まちがい町")]
    assert changes_of(entries[0])["名称"] == ("まちがい町", "")
    assert history(cast.stranger_staff, organization=mistake) == []


def test_a_groups_lead_and_members_say_who_changed_what(client, cast):
    client.force_login(cast.admin)
    values = {"name": "北部協議会", "members": [cast.town.pk, cast.neighbour.pk], "lead": cast.town.pk}
    client.post(reverse("organizations:group_create"), values)
    group = Group.objects.get()

    client.post(reverse("organizations:group_edit", args=[group.pk]), values | {"members": [cast.town.pk], "lead": ""})
    client.post(reverse("organizations:group_delete", args=[group.pk]))

    rows = history(cast.admin, "group")
    assert [(row.act, row.subject, row.who.partition("（")[0]) for row in rows] == [
        ("取消", "北部協議会", "県 管理子"), ("変更", "北部協議会", "県 管理子"), ("登録", "北部協議会", "県 管理子"),
    ]  # fmt: skip
    assert changes_of(rows[1]) == {"幹事団体": ("あさひ町", "")}
    assert history(cast.stranger_staff, "group") == history(cast.officer, "group") == []


def test_who_came_into_a_group_and_who_left_it(cast):
    group = Group.objects.create(prefecture=cast.pref, name="南部協議会")
    with pghistory.context(user=cast.admin.pk):
        group.members.set([cast.town, cast.neighbour])
        group.members.set([cast.neighbour])

    rows = history(cast.admin, "group_member")

    assert [(row.act, row.subject, row.who) for row in rows][:1] == [("取消", "南部協議会：あさひ町", "県 管理子")]
    assert changes_of(rows[0]) == {"構成団体": ("あさひ町", "")}
    assert {row.subject for row in rows[1:]} == {"南部協議会：あさひ町", "南部協議会：ゆうひ町"}
    assert history(cast.stranger_staff, "group_member") == []
    assert [row.subject for row in history(cast.neighbour_officer, "group_member", text="ゆうひ")] == [
        "南部協議会：ゆうひ町"
    ]
