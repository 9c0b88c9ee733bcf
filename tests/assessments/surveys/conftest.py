"""A survey in preparation over the cast's two towns, and how it looks once open."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from assessments.domain.surveys import moves
from assessments.models import Response
from tests.support import factories as make


@pytest.fixture
def soon():
    return timezone.now() + dt.timedelta(days=5)


@pytest.fixture
def draft(cast):
    return make.make_survey(cast.pref, state="draft", title="令和6年度DX調査")


@pytest.fixture
def world(cast, draft):
    """``cast`` with the survey opened: ``sheet`` is the town's, ``neighbours`` the neighbour's."""
    moves.open_survey(draft.pk, user=cast.staff)
    draft.refresh_from_db()
    sheets = {
        response.organization_id: response
        for response in Response.objects.filter(survey=draft).select_related("survey")
    }
    return SimpleNamespace(**vars(cast), survey=draft, sheet=sheets[cast.town.pk], neighbours=sheets[cast.neighbour.pk])
