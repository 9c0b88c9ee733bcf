import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.domain.surveys.carryover import recount
from assessments.domain.surveys.submissions import submissions
from assessments.models import Reminder, Response, ResponseTransition, Survey
from tests.support import factories as make
from tests.support.posting import give


def page(client, user, survey, **query):
    client.force_login(user)
    return client.get(reverse("assessments:survey_detail", args=[survey.pk]), query)


def names(response):
    return [row.response.organization.name for row in response.context["rows"]]


@pytest.fixture
def busy(world):
    """The town is in the middle, late and once returned; the neighbour has handed in."""
    now = timezone.now()
    give(world.sheet, "0-1", choices=["yes"], user=world.officer)
    give(world.neighbours, "0-1", choices=["no"])
    give(world.neighbours, "1-1", choices=["done"])
    recount(world.survey)
    Survey.objects.filter(pk=world.survey.pk).update(
        opens_at=now - dt.timedelta(days=9), closes_at=now - dt.timedelta(days=2)
    )
    Response.objects.filter(pk=world.sheet.pk).update(state="returned", changed_at=now, changed_by=world.officer)
    Response.objects.filter(pk=world.neighbours.pk).update(state="submitted", submitted_at=now, receipt_number="R-1")
    for from_state in ("submitted", "in_review"):
        ResponseTransition.objects.create(
            response=world.sheet, from_state=from_state, to_state="returned", comment="確認"
        )
    Reminder.objects.create(response=world.sheet, subject="s", body="b", delivered_at=now)
    Reminder.objects.create(response=world.sheet, subject="s", body="b", error="送信できませんでした")
    return world


def test_each_row_says_where_the_municipality_stands(busy):
    rows = submissions(Response.objects.for_user(busy.staff), Survey.objects.get())
    town, neighbour = sorted(rows, key=lambda row: row.response.organization_id)

    assert (town.response.answered, town.response.required) == (1, 2)
    assert (town.days_left, town.days_late, town.overdue, town.handed_in) == (-2, 2, True, False)
    assert (town.response.returns, town.response.reminded) == (1, 1)
    assert (neighbour.days_left, neighbour.overdue, neighbour.handed_in) == (None, False, True)


def test_an_extension_moves_the_due_date_of_that_municipality(busy):
    Response.objects.filter(pk=busy.sheet.pk).update(extended_until=timezone.now() + dt.timedelta(days=3))

    (town,) = (
        submission
        for submission in submissions(Response.objects.for_user(busy.staff), Survey.objects.get())
        if submission.response.pk == busy.sheet.pk
    )

    assert (town.overdue, town.days_left) == (False, 3)


def test_the_page_counts_states_over_all_and_shows_the_heat(client, busy):
    response = page(client, busy.staff, busy.survey)

    counts = {value: count for _, value, count, _ in response.context["counters"]}
    assert counts == {
        "not_started": 0,
        "in_progress": 0,
        "in_review": 0,
        "submitted": 1,
        "confirmed": 0,
        "returned": 1,
    }
    assert (response.context["overdue_count"], response.context["handed_in"]) == (1, 1)
    heat = {row_cells.organization.name: cells for row_cells, cells in response.context["heat"]}
    assert heat == {"あさひ町": [("1／1", 5), ("0／1", 1)], "ゆうひ町": [("1／1", 5), ("1／1", 5)]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "submitted"}, ["ゆうひ町"]),
        ({"overdue": "1"}, ["あさひ町"]),
        ({"state": "nonsense", "bureau": "x", "sort": "'; drop"}, ["あさひ町", "ゆうひ町"]),
        ({"sort": "-organization"}, ["ゆうひ町", "あさひ町"]),
        ({"sort": "answered"}, ["あさひ町", "ゆうひ町"]),
        ({"sort": "-answered"}, ["ゆうひ町", "あさひ町"]),
        ({"sort": "changed"}, ["ゆうひ町", "あさひ町"]),
        ({"sort": "-returns"}, ["あさひ町", "ゆうひ町"]),
        ({"sort": "reminders"}, ["ゆうひ町", "あさひ町"]),
        ({"sort": "days"}, ["あさひ町", "ゆうひ町"]),
        ({"sort": "state"}, ["ゆうひ町", "あさひ町"]),
        ({"sort": "-bureau"}, ["ゆうひ町", "あさひ町"]),
    ],
)
def test_filters_and_sorting_are_in_the_address(client, busy, query, expected):
    assert names(page(client, busy.staff, busy.survey, **query)) == expected


def test_a_bureau_filter_narrows_and_the_counters_stay_whole(client, busy):
    response = page(client, busy.staff, busy.survey, bureau=busy.bureau.pk)

    assert names(response) == ["あさひ町"]
    assert (response.context["found"], response.context["all"]) == (1, 2)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("admin", ["あさひ町", "ゆうひ町"]),
        ("pref_viewer", ["あさひ町", "ゆうひ町"]),
        ("bureau_staff", ["あさひ町"]),
        ("far_bureau_staff", ["ゆうひ町"]),
        ("consultant", ["あさひ町"]),
    ],
)
def test_everyone_above_reads_their_part(client, busy, who, expected):
    response = page(client, getattr(busy, who), busy.survey)

    assert names(response) == expected
    assert ("督促メールを作る" in response.content.decode()) == (who == "admin")


@pytest.mark.parametrize("who", ["officer", "approver", "viewer"])
def test_a_municipality_is_sent_to_its_own_sheet(client, busy, who):
    response = page(client, getattr(busy, who), busy.survey)

    assert response.status_code == 302
    assert response.url == reverse("assessments:response_detail", args=[busy.sheet.pk])


def test_a_stranger_finds_no_survey(client, busy):
    assert page(client, busy.stranger_staff, busy.survey).status_code == 404
    export = reverse("assessments:survey_export", args=[busy.survey.pk])
    assert client.get(export).status_code == 404


def test_a_draft_says_what_to_do_next(client, cast, draft):
    response = page(client, cast.staff, draft)
    assert "受付を開始する" in response.content.decode()
    assert page(client, cast.bureau_staff, draft).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_queries_for_one_and_three_municipalities(
    client, cast, count, django_assert_num_queries
):
    survey = make.make_survey(cast.pref)
    for _ in range(count):
        give(make.make_response(survey, make.make_municipality(cast.bureau)), "0-1", choices=["yes"])
    page(client, cast.staff, survey)

    with django_assert_num_queries(5):
        response = client.get(reverse("assessments:survey_detail", args=[survey.pk]))
    assert len(response.context["rows"]) == count


def test_more_than_a_hundred_municipalities_are_paged(client, cast):
    survey = make.make_survey(cast.pref)
    for _ in range(101):
        make.make_response(survey, make.make_municipality(cast.bureau))

    assert len(page(client, cast.staff, survey).context["rows"]) == 100
    assert len(page(client, cast.staff, survey, page=2).context["rows"]) == 1
    assert len(page(client, cast.staff, survey, all=1).context["rows"]) == 101


def test_the_workbook_holds_the_table_and_the_sections_as_filtered(client, busy):
    client.force_login(busy.staff)
    export = reverse("assessments:survey_export", args=[busy.survey.pk])

    book = load_workbook(io.BytesIO(client.get(export, {"format": "xlsx", "state": "returned"}).content))

    header, *rows = book["進捗"].iter_rows(values_only=True)
    (row,) = (dict(zip(header, values, strict=True)) for values in rows)
    assert (row["団体"], row["状態"], row["回答数"], row["必須数"]) == ("あさひ町", "差戻し", 1, 2)
    assert (row["団体コード"], row["最終更新者"]) == (busy.town.code, "町 担当")
    assert (row["期限超過"], row["差戻し回数"], row["督促回数"]) == ("期限超過", 1, 1)
    sections = [values[1:] for values in book["区分別"].iter_rows(values_only=True)]
    assert sections == [
        ("団体", "ステップ0（回答数）", "ステップ0（必須数）", "ステップ1（回答数）", "ステップ1（必須数）"),
        ("あさひ町", 1, 1, 0, 1),
    ]


@pytest.mark.parametrize(("wanted", "encoding"), [("csv", "utf-8-sig"), ("csv-sjis", "cp932")])
def test_the_csv_is_the_bureaus_part_only(client, busy, wanted, encoding):
    client.force_login(busy.far_bureau_staff)
    export = reverse("assessments:survey_export", args=[busy.survey.pk])

    text = client.get(export, {"format": wanted}).content.decode(encoding)

    assert "ゆうひ町" in text
    assert "あさひ町" not in text
