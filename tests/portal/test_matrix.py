"""The comparison matrix."""

import pytest

from dxportal.portal.domain.snapshots.refresh import refresh
from dxportal.portal.models import Snapshot
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.dashboard import get, rows_of

pytestmark = pytest.mark.django_db


def test_towns_and_questions_meet(client, cast):
    survey = builders.two_years(cast)

    rows = rows_of(get(client, cast.staff, "matrix_export", survey.pk, format="csv"))

    assert rows[0][2:] == ["問0-1 設問0-1", "問0-2 設問0-2", "問1-1 設問1-1", "問1-2 設問1-2"]
    assert rows[1][1:] == ["あさひ町", "定義している", "住民の暮らしから始める", "策定済み", "0件"]
    assert rows[2][2:] == ["定義していない", "対象外", "予定はない", "10件"]


def test_a_detail_shares_the_column_of_its_question(client, cast):
    survey = make.make_survey(cast.pref, state="closed")
    survey.questionnaire.questions.filter(key="definition").update(key="defined_detail")
    builders.hand_in(survey, cast.town, defined="yes", defined_detail="暮らしから")
    builders.forget_sheets()
    refresh(cast.pref.pk)

    head, line = Snapshot.objects.get(kind="matrix").data, Snapshot.objects.get(kind="matrix_town").data

    assert [column["code"] for column in head["columns"]] == ["0-1", "1-1", "1-2"]
    assert line["cells"][0] == {"state": "", "lines": ["定義している"], "rows": [], "detail": "暮らしから"}
