"""What somebody changed of an organisation, read in the prefecture's audit by those who may open the organisation."""

import datetime as dt

import pghistory
import pytest

from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.enums import LifeEvent
from dxportal.core.organizations.models import Organization, Profile
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
