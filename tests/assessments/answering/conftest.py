"""One open survey with the town's and the neighbour's answer sheets."""

from types import SimpleNamespace

import pytest

from tests.support import factories as make


@pytest.fixture
def world(cast):
    """``cast`` with an open survey of the small questionnaire (0-1 → 0-2, 1-1, 1-2)."""
    survey = make.make_survey(cast.pref)
    return SimpleNamespace(
        **vars(cast),
        survey=survey,
        sheet=make.make_response(survey, cast.town),
        neighbours=make.make_response(survey, cast.neighbour),
    )
