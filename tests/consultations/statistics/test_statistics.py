"""Statistics of a year: what counts, as of when, for whom, and at which cost."""

import datetime as dt
import io

import openpyxl
import pytest

from consultations.domain.statistics.content import Cover, YearToDay, after, cover, share
from consultations.domain.statistics.counts import held_in, tables
from consultations.domain.statistics.coverage import coverage, towns_in
from consultations.domain.statistics.regions import regional_table
from consultations.models import Session, SkippedMonth, Topic
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.domain.kinds import by_code, load_kinds
from dxportal.core.occasions.domain.write import store
from dxportal.core.occasions.models import Attendance, Occasion
from dxportal.core.people.models import Supporter
from dxportal.core.taxonomy.models import Area
from tests.support.consultations import get
from tests.support.queries import assert_same_queries
from tests.support.reading import words

pytestmark = pytest.mark.django_db
APRIL = dt.date(2024, 4, 1)
YEAR = YearToDay(2024, APRIL, dt.date(2025, 3, 31))


def held(pref, *bodies, day="2024-05-10", kind="monthly", mode="online", state="confirmed") -> Session:
    starts_at = dt.datetime.fromisoformat(f"{day}T10:00:00+09:00")
    load_kinds()
    parts = tuple(BodyPart(organization=body.pk) for body in bodies)
    draft = OccasionDraft("相談", starts_at, minutes=90, mode=mode, kinds=(kind,), bodies=parts)
    (occasion,) = store([draft], prefecture_id=pref.pk)
    Occasion.objects.filter(pk=occasion.pk).update(state=state)
    return Session.objects.create(occasion=occasion, kind=by_code(pref.pk, [kind])[kind])


def table(key, user, frame=YEAR):
    return {
        row[0]: row[1:] for each in tables(frame, user, towns_in(frame, user)) if each.key == key for row in each.rows
    }


def test_what_took_place_by_the_day_counts_by_kind_mode_month_and_counterpart(cast):
    held(cast.pref, cast.town)
    held(cast.pref, cast.town, cast.neighbour, day="2024-06-10", mode="onsite")
    held(cast.pref, cast.bureau, cast.town, cast.neighbour, day="2024-07-10", kind="regional", mode="both")
    held(cast.pref, cast.town, day="2024-08-10", state="planned")
    held(cast.pref, cast.town, day="2024-08-11", state="cancelled")
    held(cast.pref, cast.town, day="2025-04-01")

    assert table("kind", cast.staff) == {"月例": (2, "2／3（67％）"), "地域別": (1, "1／3（33％）")}
    assert table("mode", cast.staff) == {
        "対面": (1, "1／3（33％）"), "オンライン": (1, "1／3（33％）"), "併用": (1, "1／3（33％）"),
    }  # fmt: skip
    counterparts = table("counterpart", cast.staff)
    assert [counterparts[name][0] for name in ("一つの市町村", "複数の市町村", "振興局と市町村")] == [1, 1, 1]
    months = table("month", cast.staff)
    assert (months["2024年5月"], months["2024年8月"], len(months)) == ((1,), (0,), 12)
    june = YearToDay(2024, APRIL, dt.date(2024, 6, 9))
    assert table("kind", cast.staff, june) == {"月例": (1, "1／1（100％）")}
    assert table("kind", cast.stranger_staff) == {}


def test_areas_bureaus_sections_and_supporters(cast):
    session = held(cast.pref, cast.town)
    other = held(cast.pref, cast.neighbour, day="2024-06-10")
    area = Area.objects.first() or Area.objects.create(code="ai", name="AI")
    for title in ("一つ目", "二つ目"):
        Topic.objects.create(organization=cast.town, session=session, area=area, title=title)
    supporter = Supporter.objects.create(prefecture=cast.pref, name="伴走 花子", user=cast.consultant)
    Attendance.objects.create(occasion=session.occasion, supporter=supporter, capacity="concierge")
    Attendance.objects.create(occasion=other.occasion, user=cast.consultant, capacity="concierge")
    Attendance.objects.create(occasion=session.occasion, section="DX推進課", persons=2)
    Attendance.objects.create(occasion=other.occasion, section="税務課")
    Attendance.objects.create(occasion=other.occasion, section="福祉課", persons=3)

    assert table("area", cast.staff) == {area.name: (2, "1／2（50％）")}
    bureaus = table("bureau", cast.staff)
    assert (bureaus[cast.town.parent.name], bureaus[cast.neighbour.parent.name]) == ((1,), (1,))
    assert table("sections", cast.staff) == {"原課が出席した相談": (1, "1／2（50％）")}
    # However the same person was entered.
    assert table("supporters", cast.staff) == {"伴走 花子": (2, 3.0, 0.2)}


def test_the_matrix_says_of_each_month_what_became_of_it(cast):
    held(cast.pref, cast.town, day="2024-05-10")
    held(cast.pref, cast.town, day="2024-05-24")
    held(cast.pref, cast.town, day="2024-06-10", state="planned")
    held(cast.pref, cast.town, day="2024-07-10", state="cancelled")
    SkippedMonth.objects.create(organization=cast.town, month=dt.date(2024, 8, 1), reason="council", note="定例会")
    type(cast.neighbour).objects.filter(pk=cast.neighbour.pk).update(last_day=dt.date(2024, 6, 30))
    frame = YearToDay(2024, APRIL, dt.date(2024, 9, 15))

    shown = coverage(frame, cast.staff, towns_in(frame, cast.staff))

    rows = {row.name: row for row in shown.rows}
    town = rows[cast.town.name]
    states = [Cover.MISSING, Cover.HELD, Cover.PLANNED, Cover.CALLED_OFF, Cover.SKIPPED, *[Cover.COMING] * 7]
    assert [cell.state for cell in town.cells] == states
    assert (town.cells[1].held, town.held, town.cells[4].words) == (2, 2, "希望しない（議会のため：定例会）")
    # Who lived for a part of the year stands in it, and wants nothing after its end.
    (ended,) = (row for name, row in rows.items() if name.startswith(cast.neighbour.name))
    assert [cell.state for cell in ended.cells[2:4]] == [Cover.MISSING, Cover.OUTSIDE]
    living = len(rows) - 1
    assert (shown.feet[1].covered, shown.feet[1].wanted) == (1, living + 1)
    assert shown.feet[4].wanted == living - 1


def test_the_regional_table_gives_each_region_its_topics_and_results(cast):
    for day, title, outcome in (("2024-07-10", "予約の仕組み", "相手が決まった"), ("2024-09-10", "研修", "")):
        session = held(cast.pref, cast.bureau, cast.town, day=day, kind="regional")
        Topic.objects.create(organization=cast.town, session=session, title=title, outcome=outcome)

    assert regional_table(YEAR, cast.staff).rows == ((cast.bureau.name, 2, "予約の仕組み\n研修", "相手が決まった"),)


def test_each_reads_what_they_reach_on_the_page_and_in_the_file(client, cast):
    held(cast.pref, cast.town)
    held(cast.pref, cast.neighbour, day="2024-06-10")

    page = get(client, cast.officer, "statistics", year=2024)
    text = words(page)
    assert "実施した相談 1回" in text
    assert cast.neighbour.name not in text
    assert "2024年度" in text
    staff = get(client, cast.staff, "statistics")  # the year of the last one
    assert "実施した相談 2回" in words(staff)
    book = openpyxl.load_workbook(io.BytesIO(get(client, cast.staff, "statistics", year=2024, format="xlsx").content))
    assert {"団体と月", "種別ごと", "振興局ごと", "地域別の相談の内容と成果"} <= set(book.sheetnames)
    matrix = {row[0]: row[2] for row in book["団体と月"].iter_rows(values_only=True)}
    assert (matrix[cast.town.name], matrix[cast.neighbour.name]) == (1, 1)


def test_the_page_costs_the_same_whatever_took_place(client, cast):
    def look():
        return get(client, cast.staff, "statistics", year=2024)

    def more(number: int) -> None:
        session = held(cast.pref, cast.bureau, cast.town, day=f"2024-{number + 4:02}-10", kind="regional")
        held(cast.pref, cast.neighbour, day=f"2024-{number + 4:02}-11")
        Topic.objects.create(organization=cast.town, session=session, title=f"{number}")
        SkippedMonth.objects.create(organization=cast.town, month=dt.date(2024, number + 4, 1))
        Attendance.objects.create(occasion=session.occasion, section="税務課")

    assert assert_same_queries(look, more) < 40


def test_shares_months_and_cells_are_plain_arithmetic():
    frame = YearToDay(2024, APRIL, dt.date(2024, 6, 30))

    assert (share(300, 341), share(0, 0)) == ("300／341（88％）", "0／0（—）")
    assert after(dt.date(2024, 12, 1)) == dt.date(2025, 1, 1)
    assert cover(dt.date(2024, 6, 1), frame, {"planned": 1}, "議会のため").state == Cover.SKIPPED
    assert cover(dt.date(2024, 6, 1), frame, {"held": 1}, "議会のため").state == Cover.HELD
    assert cover(dt.date(2024, 6, 1), frame, {}, "").state == Cover.COMING


def test_held_sessions_are_found_through_the_index_of_their_days(cast):
    held(cast.pref, cast.town)

    assert held_in(YEAR, cast.staff).count() == 1
    assert held_in(YearToDay(2023, dt.date(2023, 4, 1), dt.date(2024, 3, 31)), cast.staff).count() == 0
