"""Who sees and who writes which occasion."""

import pytest
from django.db import IntegrityError, transaction

from dxportal.core.occasions.domain.attendance import record
from dxportal.core.occasions.domain.draft import Guest
from dxportal.core.occasions.models import BusyPeriod, Occasion, OccasionBody
from tests.support import factories as make

# person: what they see, what they write; o(wn town's), f(ar town's), j(oint group's)
RIGHTS = {
    "admin": ("ofj", "ofj"),
    "staff": ("ofj", "ofj"),
    "office": ("ofj", "ofj"),
    "pref_viewer": ("ofj", ""),
    "bureau_staff": ("o", "o"),
    "far_bureau_staff": ("f", "f"),
    "consultant": ("o", "o"),
    "officer": ("oj", "j"),
    "approver": ("oj", "j"),
    "viewer": ("oj", ""),
    "neighbour_officer": ("fj", "j"),
    "stranger_staff": ("", ""),
    "nobody": ("", ""),
}


def letters(cast, rows) -> str:
    known = {cast.own.pk: "o", cast.far.pk: "f", cast.joint.pk: "j"}
    return "".join(known[pk] for pk in rows.order_by("pk").values_list("pk", flat=True))


def test_everybody_sees_and_writes_exactly_what_is_theirs(cast):
    rows = {
        who: (
            letters(cast, Occasion.objects.for_user(getattr(cast, who))),
            letters(cast, Occasion.objects.editable_by(getattr(cast, who))),
        )
        for who in RIGHTS
    }

    assert rows == RIGHTS


def test_a_town_writes_the_meetings_that_it_holds_itself(cast):
    OccasionBody.objects.filter(occasion=cast.own).update(role="host")

    assert letters(cast, Occasion.objects.editable_by(cast.officer)) == "oj"
    assert letters(cast, Occasion.objects.editable_by(cast.viewer)) == ""


def test_whoever_attends_sees_the_meeting_inside_the_prefecture_only(cast):
    record(cast.far.pk, [Guest(user=cast.consultant.pk)], user=cast.staff)
    assert letters(cast, Occasion.objects.editable_by(cast.consultant)) == "of"

    cast.far.attendances.update(user=cast.stranger_staff)
    assert not Occasion.objects.for_user(cast.stranger_staff).exists()


def test_an_ended_membership_sees_nothing(cast):
    cast.officer.memberships.update(last_day=make.timezone.localdate() - make.dt.timedelta(days=1))
    cast.officer = type(cast.officer).objects.get(pk=cast.officer.pk)

    assert not Occasion.objects.for_user(cast.officer).exists()


def test_an_occasion_of_several_own_bodies_is_one_occasion(cast):
    OccasionBody.objects.create(occasion=cast.own, group=cast.group)

    assert Occasion.objects.for_user(cast.officer).filter(pk=cast.own.pk).count() == 1
    assert Occasion.objects.with_body([cast.town.pk]).filter(pk=cast.own.pk).count() == 1


def test_busy_periods_are_written_by_the_town_and_the_prefecture(cast):
    period = BusyPeriod.objects.create(organization=cast.town, first_day="2024-06-10", last_day="2024-06-20")

    def who(scope):
        rows = {name: getattr(BusyPeriod.objects, scope)(getattr(cast, name)) for name in RIGHTS}
        return {name for name, mine in rows.items() if mine.filter(pk=period.pk).exists()}

    assert who("editable_by") == {"admin", "staff", "office", "officer", "approver"}
    assert who("for_user") == who("editable_by") | {"pref_viewer", "bureau_staff", "consultant", "viewer"}


@pytest.mark.parametrize(
    "values", [{}, {"name": "外の会", "both": True}], ids=["nothing at all", "an organisation and a name"]
)
def test_the_database_takes_a_body_that_is_exactly_one_of_three(cast, values):
    if values.pop("both", False):
        values["organization"] = cast.town
    with pytest.raises(IntegrityError), transaction.atomic():
        OccasionBody.objects.create(occasion=cast.far, **values)
