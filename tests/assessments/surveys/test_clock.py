import datetime as dt

import pytest
from django.utils import timezone

from assessments.domain.surveys import moves
from assessments.models import Response, Survey
from assessments.tasks import close_due
from tests.support import factories as make


def moved(survey, **deltas):
    Survey.objects.filter(pk=survey.pk).update(**{key: timezone.now() + value for key, value in deltas.items()})


def test_a_survey_past_its_time_closes_once(world):
    moved(world.survey, closes_at=dt.timedelta(minutes=-1))

    assert moves.open_and_close_due(timezone.now()) == (0, 1)
    assert moves.open_and_close_due(timezone.now()) == (0, 0)
    assert Survey.objects.get().state == "closed"


def test_a_survey_with_time_left_stays_open(world):
    close_due()
    assert Survey.objects.get().state == "open"


@pytest.mark.parametrize(("auto_open", "state", "sheets"), [(True, "open", 2), (False, "draft", 0)])
def test_a_draft_opens_by_itself_only_when_asked_to(cast, draft, auto_open, state, sheets):
    Survey.objects.filter(pk=draft.pk).update(auto_open=auto_open)

    close_due()
    close_due()

    assert (Survey.objects.get().state, Response.objects.count()) == (state, sheets)


def test_one_that_cannot_open_does_not_stop_the_others(cast, draft):
    Survey.objects.filter(pk=draft.pk).update(auto_open=True)
    empty = make.make_survey(make.make_prefecture("ひとり県"), state="draft")
    Survey.objects.filter(pk=empty.pk).update(auto_open=True)

    close_due()

    assert dict(Survey.objects.values_list("pk", "state")) == {draft.pk: "open", empty.pk: "draft"}


def test_the_clock_leaves_its_name_in_the_history(world):
    moved(world.survey, closes_at=dt.timedelta(minutes=-1))

    close_due()

    last = Survey.pgh_event_model.objects.filter(pgh_obj=world.survey).latest("pgh_id")
    assert (last.state, last.pgh_context.metadata) == ("closed", {"task": "assessments.close_due"})


def test_beat_knows_the_task(settings):
    assert "assessments.close_due" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
