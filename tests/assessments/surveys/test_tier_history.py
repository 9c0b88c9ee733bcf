import datetime as dt

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Classification, ClassificationRun, TierAssignment


@pytest.fixture
def decided(world):
    """The town's tier, computed 2, raised to 3 in a hearing, published an hour later, lowered again."""
    run = ClassificationRun.objects.create(survey=world.survey, input_digest="x", answers_as_of=timezone.now())
    classification = Classification.objects.create(survey=world.survey, run=run)
    world.tier = TierAssignment.objects.create(
        classification=classification, organization=world.town, computed_tier=2, tier=2
    )
    change(world, tier=3, reason="体制が整った")
    return world


def change(world, **values):
    with pghistory.context(user=world.staff.pk):
        TierAssignment.objects.filter(pk=world.tier.pk).update(**values)


def publish(world):
    Classification.objects.update(step="published", published_at=timezone.now() + dt.timedelta(seconds=1))


def visit(client, user, world):
    client.force_login(user)
    return client.get(reverse("assessments:tier_history", args=[world.tier.pk]))


def test_staff_read_who_changed_the_tier_and_why(client, decided):
    newest, first = visit(client, decided.staff, decided).context["entries"]

    assert newest.who == "県 職員"
    assert [(item.label, item.old, item.new) for item in newest.changes] == [
        ("分類", "支援", "協働"),
        ("調整の理由", "", "体制が整った"),
    ]
    assert first.created


@pytest.mark.parametrize("who", ["bureau_staff", "consultant", "pref_viewer"])
def test_those_who_prepare_the_decision_read_it(client, decided, who):
    assert visit(client, getattr(decided, who), decided).status_code == 200


@pytest.mark.parametrize("who", ["officer", "neighbour_officer", "stranger_staff", "far_bureau_staff"])
def test_before_publication_municipalities_and_strangers_find_nothing(client, decided, who):
    assert visit(client, getattr(decided, who), decided).status_code == 404


def test_after_publication_the_municipality_reads_no_hearing(client, decided):
    publish(decided)

    page = visit(client, decided.officer, decided)

    assert page.status_code == 200
    assert page.context["entries"] == []
    assert "体制が整った" not in page.content.decode()
    assert visit(client, decided.neighbour_officer, decided).status_code == 404
