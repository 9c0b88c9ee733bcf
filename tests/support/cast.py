"""The cast: people of every role around two prefectures, as one fixture object."""

from types import SimpleNamespace

import pytest

from dxportal.core.accounts.enums import Role
from tests.support import factories as make


@pytest.fixture
def cast(db):
    return make_cast()


# Who stands where; the names of the places are those of ``make_cast``.
PEOPLE = (
    ("consultant", "pref", Role.CONSULTANT, "伴走 花子"),
    ("admin", "pref", Role.PREFECTURE_ADMIN, "県 管理子"),
    ("staff", "pref", Role.PREFECTURE_STAFF, "県 職員"),
    ("office", "pref", Role.SUPPORT_STAFF, "業務 支援"),
    ("pref_viewer", "pref", Role.VIEWER, "県 閲覧"),
    ("bureau_staff", "bureau", Role.BUREAU_STAFF, "局 職員"),
    ("far_bureau_staff", "far_bureau", Role.BUREAU_STAFF, "遠局 職員"),
    ("officer", "town", Role.OFFICER, "町 担当"),
    ("approver", "town", Role.APPROVER, "町 承認"),
    ("viewer", "town", Role.VIEWER, "町 閲覧"),
    ("neighbour_officer", "neighbour", Role.OFFICER, "隣 担当"),
    ("neighbour_approver", "neighbour", Role.APPROVER, "隣 承認"),
    ("stranger_staff", "other_pref", Role.PREFECTURE_ADMIN, "他県 管理"),
)


def make_cast() -> SimpleNamespace:
    """Two prefectures with their towns, and one person for each way of standing to ``town``.

    Most tests begin with it, so that its rows come in few statements.
    """
    pref, other_pref = make.make_prefectures("みほん県", "となり県")
    bureau, far_bureau, other_bureau = make.make_bureaus(
        (pref, "北部振興局"), (pref, "南部振興局"), (other_pref, "となり振興局")
    )
    town, neighbour, other_town = make.make_municipalities(
        (bureau, "あさひ町"), (far_bureau, "ゆうひ町"), (other_bureau, "よその町")
    )
    cast = SimpleNamespace(
        pref=pref,
        bureau=bureau,
        far_bureau=far_bureau,
        town=town,
        neighbour=neighbour,
        other_pref=other_pref,
        other_town=other_town,
    )
    users = make.make_users(*((getattr(cast, place), role, name) for _, place, role, name in PEOPLE))
    vars(cast).update(zip((key for key, *_ in PEOPLE), users, strict=True))
    cast.nobody = make.make_user(name="所属なし")
    make.assign(cast.consultant, town)
    return cast
