"""The cast: people of every role around two prefectures, as one fixture object."""

from types import SimpleNamespace

import pytest

from dxportal.core.accounts.enums import Role
from tests.support import factories as make


@pytest.fixture
def cast(db):
    return make_cast()


def make_cast() -> SimpleNamespace:
    """Two prefectures with their towns, and one person for each way of standing to ``town``."""
    pref = make.make_prefecture("みほん県")
    bureau = make.make_bureau(pref)
    far_bureau = make.make_bureau(pref, "南部振興局")
    town = make.make_municipality(bureau, "あさひ町")
    neighbour = make.make_municipality(far_bureau, "ゆうひ町")
    other_pref = make.make_prefecture("となり県")
    other_town = make.make_municipality(make.make_bureau(other_pref, "となり振興局"), "よその町")
    consultant = make.make_user(pref, Role.CONSULTANT, name="伴走 花子")
    make.assign(consultant, town)
    return SimpleNamespace(
        pref=pref,
        bureau=bureau,
        far_bureau=far_bureau,
        town=town,
        neighbour=neighbour,
        other_pref=other_pref,
        other_town=other_town,
        admin=make.make_user(pref, Role.PREFECTURE_ADMIN, name="県 管理子"),
        staff=make.make_user(pref, Role.PREFECTURE_STAFF, name="県 職員"),
        pref_viewer=make.make_user(pref, Role.VIEWER, name="県 閲覧"),
        bureau_staff=make.make_user(bureau, Role.BUREAU_STAFF, name="局 職員"),
        far_bureau_staff=make.make_user(far_bureau, Role.BUREAU_STAFF, name="遠局 職員"),
        consultant=consultant,
        officer=make.make_user(town, Role.OFFICER, name="町 担当"),
        approver=make.make_user(town, Role.APPROVER, name="町 承認"),
        viewer=make.make_user(town, Role.VIEWER, name="町 閲覧"),
        neighbour_officer=make.make_user(neighbour, Role.OFFICER, name="隣 担当"),
        neighbour_approver=make.make_user(neighbour, Role.APPROVER, name="隣 承認"),
        stranger_staff=make.make_user(other_pref, Role.PREFECTURE_ADMIN, name="他県 管理"),
        nobody=make.make_user(name="所属なし"),
    )
