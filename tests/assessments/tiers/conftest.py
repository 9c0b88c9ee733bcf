"""A small survey with handed-in answers: あさひ町 has 60 of 60 points, ゆうひ町 18."""

import pytest
from django.conf import settings

from assessments.domain.tiers import computation
from assessments.domain.tiers.scheme_file import parse_scheme
from assessments.domain.tiers.stored_schemes import load_scheme
from tests.support.tiers import small_world

SCHEMES = settings.BASE_DIR / "fixtures" / "schemes"


@pytest.fixture
def scheme(db):
    rules, default = parse_scheme((SCHEMES / "priority.yaml").read_text(encoding="utf-8"))
    return load_scheme(rules, default=default)[0]


@pytest.fixture
def world(cast):
    return small_world(cast)


@pytest.fixture
def computed(world):
    """The world after its first run."""
    computation.classify(world.survey.pk)
    world.survey.refresh_from_db()
    world.classification = world.survey.classification
    return world
