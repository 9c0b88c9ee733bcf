"""A prefecture in which towns changed between two surveys: a merger, a town that became a city, a moved bureau."""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.enums import LifeEvent
from dxportal.portal.domain.snapshots.refresh import refresh
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.tiers import make_tier_scheme

YEAR_ONE, CHANGE, YEAR_TWO = 400, 100, 20  # days ago


def make_changed(cast, *, visibility="named", names_hidden=False):
    """The cast's people stay; first the towns あさひ町, ゆうひ町, つきの町 and やまの村, then まんなか市 in the place of
    the first two, つきの市 (the third, under a new code), and やまの村 below the other bureau.

    Both surveys are closed and published; ``before`` and ``after`` are the surveys.
    """
    world = SimpleNamespace(**vars(cast))
    world.moon = make.make_municipality(cast.bureau, "つきの町", code="900900")
    world.hill = make.make_municipality(cast.bureau, "やまの村", code="900901")
    everybody = [cast.town, cast.neighbour, world.moon, world.hill]
    world.before = survey_of(cast, 2023, YEAR_ONE, everybody, visibility=visibility, names_hidden=names_hidden)
    day = timezone.localdate() - dt.timedelta(days=CHANGE)
    world.day = day
    world.city = make.make_municipality(cast.bureau, "まんなか市", code="900902", first_day=day)
    life_changes.record_end(cast.town.pk, [world.city], day=day, kind=LifeEvent.MERGER, user=cast.admin)
    life_changes.record_end(cast.neighbour.pk, [world.city], day=day, kind=LifeEvent.MERGER, user=cast.admin)
    values = {"name": "つきの市", "code": "900903", "municipality_kind": "city"}
    life_changes.record_change(world.moon.pk, values, day=day, kind=LifeEvent.CITY, user=cast.admin)
    moved = {"parent_id": world.neighbour.parent_id}
    life_changes.record_change(world.hill.pk, moved, day=day, kind=LifeEvent.MOVED, user=cast.admin)
    later = [world.city, world.moon, world.hill]
    world.after = survey_of(
        cast, 2024, YEAR_TWO, later, visibility=visibility, names_hidden=names_hidden, previous=world.before
    )
    for row in (*everybody, world.city):
        row.refresh_from_db()
    world.city_officer = make.make_user(world.city, "officer", name="市 担当")
    refresh(cast.pref.pk)
    return world


def survey_of(cast, year, days_ago, towns, *, names_hidden, **fields):
    """Everybody but the last answers yes; scores are in force, tiers published."""
    sheet = make.make_questionnaire(fiscal_year=year, code=f"dx{year}")
    builders.with_areas(sheet)
    opens_at = timezone.now() - dt.timedelta(days=days_ago)
    survey = make.make_survey(
        cast.pref, sheet, state="closed", fiscal_year=year, title=f"{year}年度調査",
        opens_at=opens_at, closes_at=opens_at + dt.timedelta(days=10), **fields,
    )  # fmt: skip
    for number, town in enumerate(towns):
        rising = number < len(towns) - 1
        builders.hand_in(
            survey, town, defined="yes" if rising else "no", definition=f"{town.name}の言葉", plan="none", datasets=1
        )
        builders.place(town, year=year, population=8_000 + number, row=1, column=number + 1)
    run = builders.run(survey)
    run.tier_scheme = make_tier_scheme(f"tiers{year}")
    run.save()
    builders.classify(survey, step="published", names_hidden=names_hidden)
    return survey
