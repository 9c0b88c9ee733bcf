import pytest

from casestudies.domain.reading.similar import similar
from casestudies.domain.search import index
from casestudies.enums import CaseState
from casestudies.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_library")]


def ids(user, source_id: str) -> list[str]:
    return [item.case.source_id for item in similar(user, Case.objects.get(source_id=source_id))]


def test_cases_on_the_same_subject_come_first_and_say_what_they_share(cast):
    results = similar(cast.officer, Case.objects.get(source_id="001-p30"))
    assert results[0].case.source_id == "000-i07"
    assert "電子決裁" in results[0].reason
    assert set(ids(cast.officer, "001-p43")) <= {
        "001-p41",
        "001-p42",
        "001-p44",
        "001-p45",
        "001-p46",
        "000-i09",
        "000-i11",
    }


def test_never_itself_and_never_more_than_asked_for(cast):
    case = Case.objects.get(source_id="001-p43")
    assert case not in [item.case for item in similar(cast.officer, case, limit=50)]
    assert len(similar(cast.officer, case, limit=2)) == 2


def test_what_the_person_may_not_search_is_not_shown(cast):
    hidden = Case.objects.get(source_id="000-i07")
    hidden.state = CaseState.ARCHIVED
    hidden.save()
    index.write([hidden.pk])
    assert "000-i07" not in ids(cast.officer, "001-p30")


def test_three_statements_and_the_areas_whatever_is_found(cast, django_assert_max_num_queries):
    case = Case.objects.get(source_id="001-p43")
    cast.officer.acting  # noqa: B018 -- asked for once a request
    with django_assert_max_num_queries(6):
        similar(cast.officer, case)
