"""The demo's figures, read from the snapshots that the pages show, against what was published."""

import pytest
from django.core.management import call_command

from assessments.models import Answer, StoredScoreCard, Survey
from dxportal.core.organizations.models import Organization
from dxportal.portal.demo.results import miyagi_rows
from dxportal.portal.demo.world import read
from dxportal.portal.models import Snapshot
from tests.support import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
FIRST_2024 = "令和6年度 市町村DX調査"
TIERED = {"令和5年度 市町村DX調査": "2023-11", "令和6年度 市町村DX調査（見直し）": "2024-11"}
PUBLISHED = read("published_2024.yaml")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo as ``load_demo`` makes it, for all tests of this module."""
    with worlds.inside("demo", django_db_blocker):
        yield


def question(code):
    survey = Survey.objects.get(title=FIRST_2024)
    return Snapshot.objects.get(kind="question", key=f"{survey.pk}:{code}").data


def dashboard(title):
    survey = Survey.objects.get(title=title, prefecture__name="みほん県")
    return Snapshot.objects.get(kind="dashboard", key=str(survey.pk)).data


@pytest.mark.parametrize(
    "code", [code for code, wanted in PUBLISHED["distributions"].items() if isinstance(wanted, dict)]
)
def test_a_question_shows_the_published_counts(code):
    wanted = dict(PUBLISHED["distributions"][code])
    unanswered = wanted.pop("unanswered", 0)

    data = question(code)

    assert {option["label"]: option["count"] for option in data["options"]} == wanted
    assert data["answered_count"] + data["unanswered_count"] == sum(wanted.values()) + unanswered
    assert len(data["unanswered"]) == unanswered


def test_the_wanted_kinds_of_support_show_the_published_counts():
    counts = sorted((option["count"] for option in question("4-2")["options"] if option["count"]), reverse=True)

    assert counts == PUBLISHED["distributions"]["4-2"]
    assert sum(counts) == 108


def test_every_municipality_answered():
    data = dashboard(FIRST_2024)

    assert (data["handed_in"], data["members"]) == (30, 30)


@pytest.mark.parametrize(("title", "when"), TIERED.items())
def test_the_tiers_are_the_published_ones(title, when):
    data = dashboard(title)

    assert {row["words"]["tier"]: row["count"] for row in data["tiers"]} == PUBLISHED["tiers"][when]
    assert data["decision"]["published"]


def test_the_movements_lead_from_one_year_to_the_next():
    flows = dashboard("令和6年度 市町村DX調査（見直し）")["flows"]
    before, after = PUBLISHED["tiers"]["2023-11"], PUBLISHED["tiers"]["2024-11"]

    assert {tier: sum(row["count"] for row in flows if row["before"] == tier) for tier in before} == before
    assert {tier: sum(row["count"] for row in flows if row["after"] == tier) for tier in after} == after


def test_the_unnamed_step_scores_get_the_printed_priorities():
    towns = {f"市町村{int(row['row']):02d}": row for row in miyagi_rows()}

    cards = StoredScoreCard.objects.filter(organization__prefecture__name="宮城県", run__in_force=True)

    assert {card.organization.name: card.priority for card in cards} == {
        name: row["priority"] for name, row in towns.items()
    }
    assert {card.organization.name: "・".join(card.supports) for card in cards} == {
        name: row["supports"] for name, row in towns.items()
    }


def test_the_matrix_of_the_group_is_the_real_one():
    survey = Survey.objects.get(group__name="埼玉県東南部5市1町 DX専門部会")
    lines = Snapshot.objects.filter(kind="matrix_town", key__startswith=f"{survey.pk}:").values_list("data", flat=True)

    shown = {town["name"]: [(cell["lines"], cell["detail"]) for cell in town["cells"]] for town in lines}

    initiatives = read("saitama.yaml")["initiatives"]
    assert shown == {
        name: [([row["cells"][name][0]], row["cells"][name][1]) for row in initiatives]
        for name in initiatives[0]["cells"]
    }


def test_loading_again_changes_nothing():
    before = (Organization.objects.count(), Answer.objects.count())

    call_command("load_demo", verbosity=0)

    assert (Organization.objects.count(), Answer.objects.count()) == before
