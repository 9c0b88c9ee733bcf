import pytest

from dxportal.core.ui.frame import navigation
from dxportal.core.ui.frame.navigation import NavItem, families_for, links_for, register


@pytest.fixture(autouse=True)
def _own_menu(monkeypatch):
    monkeypatch.setattr(navigation, "_items", [])


def labels(role="officer", path="/"):
    return [(link.label, link.current) for link in links_for(role, path)]


def test_each_role_sees_its_entries_in_order():
    register(
        NavItem("後", "ui:read_date", order=20),
        NavItem("県だけ", "ui:keep_alive", roles=frozenset({"prefecture_admin"}), order=10),
        NavItem("先", "ui:samples", order=1),
    )

    assert labels("officer") == [("先", ""), ("後", "")]
    assert labels("prefecture_admin") == [("先", ""), ("県だけ", ""), ("後", "")]
    assert labels(None) == [("先", ""), ("後", "")]


def test_the_nearest_entry_above_the_page_is_marked():
    register(NavItem("見本", "ui:samples"), NavItem("日付", "ui:read_date", paths=("/responses/",)))

    assert dict(labels(path="/ui/")) == {"見本": "page", "日付": ""}
    assert dict(labels(path="/ui/date/")) == {"見本": "", "日付": "page"}
    assert dict(labels(path="/ui/other/")) == {"見本": "true", "日付": ""}
    assert dict(labels(path="/responses/3/")) == {"見本": "", "日付": "true"}


def test_pages_that_do_not_exist_are_left_out():
    register(NavItem("なし", "nowhere:page"), NavItem("見本", "ui:samples"))

    assert labels() == [("見本", "")]


def test_registering_twice_does_not_double_the_menu():
    register(NavItem("旧", "ui:samples"))
    register(NavItem("新", "ui:samples"))

    assert labels() == [("新", "")]


def test_several_managed_entries_are_folded_into_one_and_a_single_one_is_not():
    admin = frozenset({"prefecture_admin"})
    register(
        NavItem("ホーム", "portal:home", order=1),
        NavItem("利用者", "accounts:member_list", order=2, managed="人"),
        NavItem("処理", "jobs:list", roles=admin, order=3, managed="処理"),
    )

    assert [label for label, _ in labels("officer")] == ["ホーム", "利用者"]
    assert [label for label, _ in labels("prefecture_admin")] == ["ホーム", "管理"]
    assert dict(labels("prefecture_admin", "/jobs/7/"))["管理"] == "true"
    assert [item.label for item in navigation.managed_for("prefecture_admin")] == ["利用者", "処理"]


def tabs(role="officer", path="/"):
    return {family.label: [(link.label, link.current) for link in family.links] for family in families_for(role, path)}


def test_a_family_is_one_entry_of_the_menu_and_tabs_on_its_pages():
    register(
        NavItem("見本", "ui:samples", order=1),
        NavItem("日付", "ui:read_date", order=2, family="相談", paths=("/responses/",)),
        NavItem("県だけ", "ui:keep_alive", order=3, family="相談", roles=frozenset({"prefecture_admin"})),
    )

    admin, officer = "prefecture_admin", "officer"
    assert labels(officer) == [("見本", ""), ("相談", "")]
    assert dict(labels(admin, navigation.address_of("ui:keep_alive", None, "/")))["相談"] == "true"
    assert dict(labels(admin, "/responses/3/"))["相談"] == "true"
    assert tabs(admin, "/responses/3/") == {"相談": [("日付", "true"), ("県だけ", "")]}
    assert tabs(admin, "/ui/") == {}
    # At home each page of the family is one click away; a single page needs no tabs.
    assert tabs(admin, "/") == {"相談": [("日付", ""), ("県だけ", "")]}
    assert tabs(officer, "/") == {}
