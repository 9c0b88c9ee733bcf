import datetime as dt
from types import SimpleNamespace

import pytest

from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.occasions.domain.write import store
from dxportal.core.organizations.models import Group
from tests.support.cast import make_cast

TOKYO = dt.timezone(dt.timedelta(hours=9))


def at(day: str, clock: str = "10:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOKYO)


def draft(*bodies: BodyPart, day: str = "2024-06-12", clock: str = "10:00", **values) -> OccasionDraft:
    values = {"title": "月例相談", "kinds": ("monthly",), **values}
    return OccasionDraft(starts_at=at(day, clock), bodies=bodies, **values)


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """The cast with the standard kinds and three meetings: the town's, the neighbour's, and the group's that both are in."""
    load_kinds()
    cast = make_cast()
    cast.group = Group.objects.create(prefecture=cast.pref, name="近隣の会", lead=cast.neighbour)
    cast.group.members.set([cast.town, cast.neighbour])
    cast.own, cast.far, cast.joint = store(
        [
            draft(BodyPart(organization=cast.town.pk)),
            draft(BodyPart(organization=cast.neighbour.pk), title="隣の月例相談"),
            draft(BodyPart(group=cast.group.pk), title="近隣の会 定例会", kinds=("group_meeting",)),
        ],
        prefecture_id=cast.pref.pk,
    )
    return cast
