"""The recheck of answers in a session: the sheet beside it, what was changed, and how far the towns are."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer
from consultations.domain.sessions.log import towns_of
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.portal.domain import recheck
from dxportal.portal.domain.recheck import RecheckWish
from dxportal.portal.enums import RecheckFocus
from dxportal.portal.models import Recheck
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.consultations import a_session, hold
from tests.support.dashboard import get, page
from tests.support.queries import assert_same_queries
from tests.support.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cast):
    """The town's sheet of this year's review survey, answered."""
    year = fiscal_year_of(timezone.localdate())
    questionnaire = make.make_questionnaire(fiscal_year=year, code="dx-review")
    survey = make.make_survey(
        cast.pref, questionnaire, fiscal_year=year, round="review", state="open", title="見直し調査"
    )
    builders.hand_in(survey, cast.town, defined="no", definition="暮らし", plan="none", datasets=1)
    return survey.responses.get(organization=cast.town)


def record(session, user, **values):
    wish = {"organization": towns_of(session)[0], "focus": "steps", "changed": 2} | values
    return recheck.record(session.pk, RecheckWish(**wish), user=user)


def test_what_is_due_follows_the_months_of_the_support():
    due = [recheck.due_focus(dt.date(2026, month, 3)) for month in (10, 11, 12, 1, 2, 3)]

    assert due == [None, RecheckFocus.STEPS, RecheckFocus.STEPS, None, RecheckFocus.AREAS, None]


def test_the_form_begins_with_the_answers_that_changed_in_the_session(client, cast, sheet):
    session = hold(a_session(cast.staff, cast.town), cast.staff)
    Answer.pgh_event_model.objects.update(pgh_created_at=session.occasion.starts_at - dt.timedelta(days=1))
    answer = sheet.answers.get(question__key="datasets")
    answer.number = 9
    answer.save()

    text = page(client, cast.consultant, "recheck", session.pk, focus="steps")

    assert 'value="1"' in text[text.index("直した設問の数") :][:800]
    assert reverse("assessments:response_detail", args=[sheet.pk]) in text
    form = {"organization": cast.town.pk, "focus": "steps", "changed": "1", "note": "数を更新", "revision": "0"}
    answered = client.post(reverse("portal:recheck", args=[session.pk]), form, follow=True)
    entry = Recheck.objects.get()
    assert (entry.changed, entry.by, entry.response) == (1, cast.consultant, sheet)
    for user in (cast.officer, cast.staff):
        seen = words(client.get(reverse("consultations:session", args=[session.pk])))
        assert "1問を変更" in seen
        client.force_login(user)
    assert answered.status_code == 200


def test_it_is_entered_once_corrected_over_what_was_seen_and_by_those_who_support(client, cast, sheet):
    session = hold(a_session(cast.staff, cast.town), cast.staff)
    record(session, cast.staff)

    assert record(session, cast.consultant).by == cast.staff
    with pytest.raises(Overtaken):
        record(session, cast.consultant, changed=3)
    assert record(session, cast.consultant, changed=3, revision=1).changed == 3
    record(session, cast.office, focus="areas", changed=0)
    assert Recheck.objects.count() == 2
    with pytest.raises(PermissionDenied):
        record(session, cast.officer)
    coming = a_session(cast.staff, cast.town, due=3)
    with pytest.raises(NotPossible):
        record(coming, cast.staff)
    elsewhere = hold(a_session(cast.staff, cast.neighbour), cast.staff)
    with pytest.raises(NotPossible):
        record(elsewhere, cast.staff)
    assert get(client, cast.consultant, "recheck", elsewhere.pk).status_code == 404
    assert get(client, cast.officer, "recheck", session.pk).status_code == 403


def test_the_prefecture_sees_how_far_its_towns_are(client, cast, sheet):
    session = hold(a_session(cast.staff, cast.town), cast.staff)

    def add(number):
        extra = make.make_municipality(cast.bureau)
        builders.hand_in(sheet.survey, extra, defined="no", definition="暮らし", plan="none", datasets=1)
        record(hold(a_session(cast.staff, extra), cast.staff), cast.staff)

    record(session, cast.staff, changed=2)
    record(hold(a_session(cast.staff, cast.town, due=-2), cast.staff), cast.staff, changed=5)

    text = page(client, cast.staff, "rechecks")
    assert "1／2団体が確認済み（5問を変更）" in text
    assert "0／2団体が確認済み" in text
    assert "1／1団体" in page(client, cast.consultant, "rechecks")
    assert "0／1団体" in page(client, cast.far_bureau_staff, "rechecks")
    assert "0／2団体が確認済み" in page(client, cast.staff, "rechecks", year="2019")
    assert get(client, cast.officer, "rechecks").status_code == 403
    assert_same_queries(lambda: get(client, cast.staff, "rechecks"), add)
