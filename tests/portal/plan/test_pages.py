import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.occasions.domain.write import store
from dxportal.core.occasions.models import Occasion
from dxportal.core.people.domain.write import load_capacities
from dxportal.portal.models import ExchangeMember, HandCount, PlanItem

pytestmark = pytest.mark.django_db
TOKYO = dt.timezone(dt.timedelta(hours=9))


@pytest.fixture
def year(cast):
    """The plan of 2024: a row of meetings and one by hand; three meetings of two towns, one of them only planned."""
    load_kinds()
    load_capacities()
    common = {"prefecture": cast.pref, "fiscal_year": 2024, "section": "(2) よろず相談", "unit": "回"}
    cast.monthly = PlanItem.objects.create(
        **common, order=1, item="月例", measure="meetings", kinds=["monthly"], target=4,
        due_days=[dt.date(2024, 9, 30), dt.date(2025, 3, 31)], due_amounts=[2, 2],
    )  # fmt: skip
    cast.proposal = PlanItem.objects.create(**common, order=2, item="提案", measure="by_hand", target=1)
    drafts = [
        OccasionDraft(
            "月例", dt.datetime(2024, month, 3, 10, tzinfo=TOKYO), kinds=("monthly",), bodies=(BodyPart(town.pk),)
        )
        for month, town in ((5, cast.town), (6, cast.neighbour), (7, cast.town))
    ]
    occasions = store(drafts, prefecture_id=cast.pref.pk)
    Occasion.objects.filter(pk__in=[occasion.pk for occasion in occasions[:2]]).update(state="held")
    return cast


def posted(form, **values):
    return {"section": "(1) 配置", "item": "合同研修", "unit": "回", "measure": "events", "kinds": ["joint_training"],
            "target": "2", "calendar": "by_day", "due_lines": "2024-12-20 1\n令和7年3月7日 1", **values}  # fmt: skip


def test_the_table_counts_as_of_the_day_asked_for(client, year):
    client.force_login(year.staff)

    def cells(day):
        response = client.get(reverse("portal:plan"), {"year": "2024", "day": day})
        return [(row.actual, row.expected) for row, _ in response.context["figures"]]

    assert cells("2024-05-31") == [(1, 0), (0, 0)]
    assert cells("令和6年9月30日") == [(2, 2), (0, 0)]


def test_a_day_that_cannot_be_read_is_said_and_a_day_outside_the_year_is_its_end(client, year):
    client.force_login(year.staff)

    broken = client.get(reverse("portal:plan"), {"year": "2024", "day": "2024-02-31"})
    later = client.get(reverse("portal:plan"), {"year": "2024", "day": "2030-01-01"})

    assert broken.context["form"].errors["day"]
    assert later.context["table"].day == dt.date(2025, 3, 31)


def test_the_file_says_the_same_as_the_page_and_as_of_when(client, year):
    client.force_login(year.consultant)

    response = client.get(reverse("portal:plan"), {"year": "2024", "day": "2024-06-30", "format": "xlsx"})

    book = load_workbook(io.BytesIO(response.content))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [(row[1], row[4], row[5], row[7]) for row in rows] == [("月例", 4, 2, 50), ("提案", 1, 0, 0)]
    assert "2024-06-30" in str([[cell.value for cell in row] for row in book["注記"].iter_rows()])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_table_costs_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    load_kinds()
    for number in range(rows):
        PlanItem.objects.create(
            prefecture=cast.pref, fiscal_year=2024, order=number, section="(1)", item=f"{number}", measure="meetings",
            kinds=["monthly"], target=1, unit="回",
        )  # fmt: skip
    client.force_login(cast.staff)
    address = reverse("portal:plan") + "?year=2024"
    client.get(address)

    with django_assert_num_queries(16):
        client.get(address)


def test_a_row_is_added_with_its_calendar(client, year):
    client.force_login(year.admin)

    response = client.post(reverse("portal:plan_add") + "?year=2024", posted("add"))

    assert response.status_code == 302, response.context["form"].errors
    item = PlanItem.objects.get(item="合同研修")
    assert (item.fiscal_year, item.order, item.kinds) == (2024, 3, ["joint_training"])
    assert list(zip(item.due_days, item.due_amounts, strict=True)) == [
        (dt.date(2024, 12, 20), 1),
        (dt.date(2025, 3, 7), 1),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_lines": "2024-12-20 1"}, "due_lines"),  # does not add up to the target
        ({"due_lines": "2025-04-01 2"}, "due_lines"),  # not of the year
        ({"due_lines": "12月20日に2回"}, "due_lines"),
        ({"due_lines": "2024-12-20 1\n2024-12-20 1"}, "due_lines"),
        ({"kinds": []}, "kinds"),
        ({"measure": "roster", "kinds": []}, "capacities"),
        ({"target": "-1"}, "target"),
        ({"section": "(2) よろず相談", "item": "月例"}, "item"),
    ],
)
def test_what_was_typed_stays_when_a_row_is_refused(client, year, values, field):
    client.force_login(year.staff)

    response = client.post(reverse("portal:plan_add") + "?year=2024", posted("add", **values))

    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert response.context["form"]["due_lines"].value() == posted("add", **values)["due_lines"]
    assert PlanItem.objects.count() == 2


def test_a_stale_correction_is_refused_with_what_is_stored(client, year):
    client.force_login(year.staff)
    address = reverse("portal:plan_correct", args=[year.monthly.pk])
    values = posted("correct", item="月例", measure="meetings", kinds=["monthly"], revision="1")
    assert client.post(address, values).status_code == 302

    response = client.post(address, values | {"target": "9", "due_lines": "2025-03-31 9"})

    assert response.status_code == 409
    year.monthly.refresh_from_db()
    assert year.monthly.target == 2
    assert (
        client.post(address, values | {"target": "9", "due_lines": "2025-03-31 9", "revision": "2"}).status_code == 302
    )


def test_a_change_of_the_plan_keeps_the_baseline_and_can_be_taken_back(client, year):
    client.force_login(year.staff)
    values = {
        "day": "2024-10-01",
        "target": "3",
        "calendar": "year_end",
        "due_lines": "",
        "reason": "2団体が希望しない",
    }
    client.post(reverse("portal:plan_change", args=[year.monthly.pk]), values)

    def targets(day):
        response = client.get(reverse("portal:plan"), {"year": "2024", "day": day})
        row, _ = response.context["figures"][0]
        return (row.baseline, row.row.target)

    assert (targets("2024-09-30"), targets("2024-10-01")) == ((4, 4), (4, 3))

    change = year.monthly.changes.get()
    client.post(reverse("portal:plan_change_take_back", args=[year.monthly.pk, change.pk]))
    assert targets("2024-10-01") == (4, 4)


def test_numbers_by_hand_keep_who_when_and_why(client, year):
    client.force_login(year.office)
    address = reverse("portal:plan_count", args=[year.proposal.pk])

    client.post(address, {"day": "2024-09-27", "amount": "1", "reason": "提案書を提出"})
    below = client.post(address, {"day": "2024-09-28", "amount": "-2", "reason": "誤り"})
    outside = client.post(address, {"day": "2025-04-01", "amount": "1", "reason": "翌年度"})

    entry = HandCount.objects.get()
    assert (entry.user, entry.amount, entry.reason) == (year.office, 1, "提案書を提出")
    assert below.context["form"].errors["amount"]
    assert outside.context["form"].errors["day"]
    page = client.get(reverse("portal:plan_item", args=[year.proposal.pk])).content.decode()
    assert "提案書を提出" in page
    assert year.office.name in page


def test_what_is_counted_from_meetings_is_not_counted_by_hand(client, year):
    client.force_login(year.staff)

    response = client.post(
        reverse("portal:plan_count", args=[year.monthly.pk]), {"day": "2024-09-27", "amount": "1", "reason": "x"}
    )

    assert response.context["form"].errors
    assert not HandCount.objects.exists()


def test_a_row_moves_up_and_down_and_stops_at_the_ends(client, year):
    client.force_login(year.staff)

    def order():
        return list(PlanItem.objects.order_by("order").values_list("item", flat=True))

    client.post(reverse("portal:plan_up", args=[year.proposal.pk]))
    assert order() == ["提案", "月例"]
    client.post(reverse("portal:plan_up", args=[year.proposal.pk]))
    assert order() == ["提案", "月例"]
    client.post(reverse("portal:plan_down", args=[year.proposal.pk]))
    assert order() == ["月例", "提案"]


def test_a_year_is_copied_once_with_its_days_moved(client, year):
    client.force_login(year.staff)
    form = client.get(reverse("portal:plan_copy")).context["form"]
    to_year = form.fields["to_year"].choices[0][0]

    first = client.post(reverse("portal:plan_copy"), {"from_year": "2024", "to_year": to_year})
    again = client.post(reverse("portal:plan_copy"), {"from_year": "2024", "to_year": to_year})

    assert (first.status_code, again.status_code) == (302, 200)
    copied = PlanItem.objects.get(fiscal_year=int(to_year), item="月例")
    assert copied.due_days == [dt.date(int(to_year), 9, 30), dt.date(int(to_year) + 1, 3, 31)]
    assert PlanItem.objects.count() == 4


def test_towns_join_the_exchange_from_a_day_and_leave_it(client, year):
    client.force_login(year.office)
    client.post(reverse("portal:exchange_join"), {"towns": [year.town.pk, year.neighbour.pk], "day": "2024-05-01"})
    member = ExchangeMember.objects.get(organization=year.town)

    early = client.post(reverse("portal:exchange_leave", args=[member.pk]), {"last_day": "2024-04-30"})
    client.post(reverse("portal:exchange_leave", args=[member.pk]), {"last_day": "2024-12-31"})

    assert early.context["form"].errors["last_day"]
    member.refresh_from_db()
    assert member.last_day == dt.date(2024, 12, 31)
    response = client.get(reverse("portal:exchange"))
    assert (response.context["members"], response.context["towns"]) == (1, 2)


def test_nothing_of_another_prefecture_is_read_or_counted(client, year):
    client.force_login(year.stranger_staff)

    assert client.get(reverse("portal:plan"), {"year": "2024"}).context["figures"] == []
    assert client.get(reverse("portal:plan_item", args=[year.monthly.pk])).status_code == 404
    client.post(reverse("portal:exchange_join"), {"towns": [year.town.pk], "day": "2024-05-01"})
    assert not ExchangeMember.objects.exists()


def test_the_history_and_the_audit_tell_of_the_plan(client, year):
    client.force_login(year.admin)
    client.post(
        reverse("portal:plan_count", args=[year.proposal.pk]), {"day": "2024-09-27", "amount": "1", "reason": "提出"}
    )

    history = client.get(reverse("portal:plan_history", args=[year.proposal.pk])).content.decode()
    audit = client.get(reverse("portal:audit"), {"kinds": ["hand_count"]}).content.decode()

    assert "提出" in history
    assert "提出" in audit


def test_the_page_of_a_row_is_as_of_the_day_of_the_table(client, year):
    client.force_login(year.staff)
    table = client.get(reverse("portal:plan"), {"year": "2024", "day": "2024-05-31"}).content.decode()
    address = reverse("portal:plan_item", args=[year.monthly.pk])
    assert f"{address}?day=2024-05-31" in table

    pages = {day: client.get(address, {"day": day}) for day in ("2024-05-31", "2024-06-30", "いつか")}

    assert reverse("portal:plan") in dict(pages["2024-05-31"].context["crumbs"]).values()
    counts = {day: (page.context["row"].actual, len(page.context["meetings"])) for day, page in pages.items()}
    assert counts == {"2024-05-31": (1, 1), "2024-06-30": (2, 2), "いつか": (2, 2)}
