import pytest
from django.db import transaction

from bench import indexing, library, searching
from bench.load import Times
from casestudies.domain.search import search
from casestudies.enums import Audience, CaseState
from casestudies.models import Case, CaseFigure, CaseIndex, CasePlace
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import User
from tests.support import worlds
from tests.support.worlds import LARGE as COUNT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("large")]


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    """The cast, the library and ``COUNT`` made cases, all indexed."""
    with worlds.inside("large", django_db_blocker):
        yield


@pytest.fixture
def staff():
    return User.objects.get(memberships__role=Role.PREFECTURE_STAFF)


def test_made_cases_are_crossed_from_the_fixtures_and_no_copies_of_them():
    seeds, created = Case.objects.exclude(document=None), library.made_cases()
    sentences = {part for actions in seeds.values_list("actions", flat=True) for part in actions.split("。")}
    actions = set(created.values_list("actions", flat=True))

    assert created.count() == COUNT
    assert {part for text in actions for part in text.split("。")} <= sentences
    assert len(actions - set(seeds.values_list("actions", flat=True))) > COUNT / 2
    assert len(set(created.values_list("title", flat=True))) > COUNT / 2


def test_made_cases_have_the_parts_that_a_search_narrows_by():
    created = library.made_cases()

    assert not created.filter(places=None).exists()
    assert not created.filter(areas=None).exists()
    assert CaseFigure.objects.filter(case__in=created).exists()
    assert created.exclude(state=CaseState.PUBLISHED).exists()
    assert created.filter(audience=Audience.PREFECTURE).exists()
    assert CasePlace.objects.filter(case__in=created, population__lte=10_000).exists()


def test_the_same_library_is_made_each_time():
    library.made_cases().delete()

    def made():
        with transaction.atomic():
            library.load(5)
            results = list(library.made_cases().order_by("source_id").values_list("title", "actions", "tags"))
            transaction.set_rollback(True)
        return results

    assert made() == made() != []


def test_the_job_indexes_every_case():
    job, taken = indexing.rebuild()

    assert job.total == Case.objects.count() == CaseIndex.objects.count() > COUNT
    assert taken > 0


def test_a_rebuild_that_fails_is_no_figure(monkeypatch):
    monkeypatch.setattr("casestudies.domain.search.index.CHUNK", 0)  # it would take nothing at a time

    with pytest.raises(RuntimeError, match="0 cases"):
        indexing.rebuild()


def test_indexing_is_measured_against_the_tokenizer_and_the_job_is_timed():
    each, whole = indexing.run(block=20)

    assert (each.aim, whole.reached) == (2, None)
    assert whole.value > each.value > 0 < each.floor
    assert str(Case.objects.count()) in whole.name


def test_sudachi_reads_the_texts_that_are_indexed():
    texts = indexing.indexed_texts(library.made_cases().values_list("pk", flat=True))
    titles = set(Case.objects.values_list("title", flat=True))

    assert len(texts) == COUNT
    assert {case[0] for case in texts} <= titles
    assert indexing.tokenize(texts) > 100 * len(texts)


def test_the_bare_statement_finds_what_the_address_answers(client, staff):
    client.force_login(staff)
    for query in searching.queries():
        answer = client.get(searching.path(query)).json()
        count, keys = run(searching.statement(staff, query))

        assert (query, count) == (query, answer["count"])
        results = Case.objects.in_bulk(keys[: searching.LIMIT])
        assert [results[pk].source_id for pk in keys[: searching.LIMIT]] == [
            result["source_id"] for result in answer["results"]
        ]


def test_the_queries_are_of_every_sort(staff):
    queries = searching.queries()
    results = {query: search.find(staff, query) for query in queries}
    readings = [item.reading for item in results.values()]

    assert len(results) == len(queries) >= 40
    assert sum(bool(reading.corrections) for reading in readings) >= 2
    assert sum(bool(reading.demand) for reading in readings) >= 4
    assert sum(bool(reading.wishes) for reading in readings) >= 3
    assert any(reading.excluded for reading in readings)
    assert any(reading.dropped for reading in readings)
    assert any(not item.count for item in results.values())
    assert not any(reading.impossible for reading in readings)


def test_a_search_is_judged_by_the_95th_percentiles_of_all_queries():
    def judged(*queries):
        once = [(Times((sql,), 1), Times((json,), 1)) for sql, json in queries]
        return searching.figure(once * searching.ROUNDS)

    quick, slow = [(10.0, 20.0)] * 18, judged(*[(10.0, 20.0)] * 18, (40.0, 121.0), (40.0, 121.0))
    fast = judged(*quick, (10.0, 20.0), (10.0, 90.0))

    assert (slow.floor, slow.value, slow.reached) == (40.0, 121.0, False)
    assert (fast.floor, fast.value, fast.reached) == (10.0, 20.0, True)
    assert "9.0 times" in fast.note


def run(sql):
    count, keys, *_ = searching.fetch(sql)[0]
    return count, keys or []
