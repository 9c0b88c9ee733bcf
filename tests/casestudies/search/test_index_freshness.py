"""No case is committed with an index that says something else than the case."""

import io
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from casestudies.domain.contribution import moves, register, write
from casestudies.domain.contribution.register import NEW, RegisterEntry
from casestudies.domain.search import index
from casestudies.domain.search.search import find
from casestudies.jobs import REBUILD
from casestudies.models import Case, CaseDocument, CaseFigure, CaseIndex, CaseLink, CasePlace, IndexedWord
from dxportal.core.jobs import domain as jobs
from dxportal.core.jobs.registry import BULK, queue_of
from dxportal.core.taxonomy.loading import load_areas, load_terms
from dxportal.core.taxonomy.models import Area
from tests.support.cases import a_case, a_field, an_area
from tests.support.contents import FULL, make_words

pytestmark = pytest.mark.django_db


def commit():
    """Has the database check now what it checks when a transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def is_fresh() -> bool:
    """Every case has a row of its revision that says what one made from nothing would."""
    commit()
    stored = {row["case_id"]: row for row in CaseIndex.objects.values()}
    index.rebuild()
    return stored == {row["case_id"]: row for row in CaseIndex.objects.values()} and len(stored) == Case.objects.count()


@pytest.fixture(autouse=True)
def words(db):
    make_words()


@pytest.fixture
def case():
    with transaction.atomic():
        created = a_case(
            "窓口の予約",
            field="online",
            areas=("training",),
            places=[("岩手県", "紫波町", "town", 32_000)],
            tags=["予約"],
        )
        CaseFigure.objects.create(case=created, kind="figure", meaning="待ち時間", printed="5分", value=5, unit="分")
        CaseLink.objects.create(case=created, label="案内", url="https://example.jp/")
        index.write([created.pk])
        commit()
    return created


CHANGES = {
    "title": lambda case: Case.objects.filter(pk=case.pk).update(title="別の題"),
    "tag": lambda case: Case.objects.filter(pk=case.pk).update(tags=["別の語"]),
    "keyword": lambda case: Case.objects.filter(pk=case.pk).update(keywords=["別の語"]),
    "year": lambda case: Case.objects.filter(pk=case.pk).update(year=1999),
    "field": lambda case: Case.objects.filter(pk=case.pk).update(field=a_field("training")),
    "revision": lambda case: Case.objects.filter(pk=case.pk).update(revision=F("revision") + 1),
    "raw sql": lambda case: connection.cursor().execute(
        "UPDATE casestudies_case SET issue = 'x' WHERE id = %s", [case.pk]
    ),
    "place": lambda case: CasePlace.objects.filter(case=case).update(population=1),
    "place gone": lambda case: CasePlace.objects.filter(case=case).delete(),
    "figure": lambda case: CaseFigure.objects.filter(case=case).update(meaning="別の意味"),
    "figure more": lambda case: CaseFigure.objects.create(
        case=case, kind="cost", meaning="費用", printed="1円", value=1
    ),
    "link": lambda case: CaseLink.objects.filter(case=case).delete(),
    "area more": lambda case: case.areas.add(an_area("digital_divide")),
    "area gone": lambda case: case.areas.clear(),
    "term": lambda case: case.terms.add(a_field("awareness")),
    "area renamed": lambda _: Area.objects.filter(code="training").update(name="別の名"),
    "index": lambda case: CaseIndex.objects.filter(case=case).update(revision=F("revision") + 1),
    "index gone": lambda case: CaseIndex.objects.filter(case=case).delete(),
    "new case": lambda _: Case.objects.create(source_id="t-new", title="索引のない事例", audience="everyone"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_past_the_index_is_refused(case, change):
    CHANGES[change](case)

    with pytest.raises(DatabaseError, match=r"call casestudies\.domain\.index\.write"):
        commit()


@pytest.mark.parametrize("change", [name for name in CHANGES if name != "new case"])
def test_the_same_change_with_the_index_passes(case, change):
    CHANGES[change](case)
    index.write([case.pk])

    assert is_fresh()


@pytest.mark.django_db(transaction=True)
def test_the_commit_itself_is_refused_and_changes_nothing(case):
    with pytest.raises(DatabaseError, match="no index row"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(title="別の題")

    assert Case.objects.get(pk=case.pk).title == "窓口の予約"


def test_who_may_see_a_case_is_no_word_of_it(case):
    Case.objects.filter(pk=case.pk).update(state="archived", published_at=None)

    assert is_fresh()


def test_a_cases_life_leaves_the_index_fresh_at_each_step(cast):
    created = write.create(FULL, user=cast.officer)
    assert is_fresh()
    created = write.change(
        created.pk, replace(FULL, title="新しい題", areas=("ai",)), user=cast.officer, revision=created.revision
    )
    assert is_fresh()
    for move, user in (
        ("submit", cast.officer),
        ("publish", cast.staff),
        ("archive", cast.staff),
        ("restore", cast.staff),
    ):
        moves.make_move(created.pk, move, user=user, audience="prefecture" if move == "publish" else "")
        assert is_fresh(), move


def test_a_deleted_case_leaves_no_row(cast):
    created = write.create(FULL, user=cast.officer)
    write.delete(created.pk, user=cast.officer)
    commit()

    assert not CaseIndex.objects.exists()


def test_the_register_leaves_the_index_fresh(cast):
    rows = register.kept([RegisterEntry(NEW, f"題{n}", content=replace(FULL, title=f"題{n}")) for n in range(3)])

    assert register.apply(rows, user=cast.officer).created == 3
    assert is_fresh()


def test_loading_the_library_leaves_the_index_fresh():
    call_command("load_cases", stdout=StringIO())
    assert is_fresh()
    call_command("load_cases", stdout=StringIO())
    assert is_fresh()


# --- names of others ----------------------------------------------------------------------------------------------


def test_an_area_with_a_new_name_takes_its_cases_along(case, cast):
    load_areas("- {code: training, name: そろばん教室}")
    commit()

    assert [hit.pk for hit in find(cast.officer, '"そろばん教室"').page(0, 9)] == [case.pk]
    assert is_fresh()


def test_a_term_with_a_new_name_takes_its_cases_along(case, cast):
    case.terms.add(a_field("awareness"))
    index.write([case.pk])
    load_terms(
        "[{vocabulary: field, code: online, name: そろばん}, {vocabulary: field, code: awareness, name: 算盤塾}]"
    )
    commit()

    assert [hit.pk for hit in find(cast.officer, '"そろばん" AND "算盤塾"').page(0, 9)] == [case.pk]
    assert is_fresh()


def test_a_document_with_a_new_code_takes_its_cases_along():
    document = CaseDocument.objects.create(code="900", title="資料", publisher="省", fiscal_year=2024)
    created = a_case("資料の事例", document=document)
    document.code = "901"
    document.save()
    commit()

    assert "documents:901" in CaseIndex.objects.get(case=created).facets
    assert is_fresh()


@pytest.mark.django_db(transaction=True)
def test_the_renaming_commits(case):
    load_areas("- {code: training, name: そろばん教室}")

    assert Area.objects.get(code="training").name == "そろばん教室"


def test_a_word_that_keeps_its_name_writes_nothing(case, django_assert_max_num_queries):
    before = CaseIndex.objects.values().get()
    area = Area.objects.get(code="training")
    area.description = "説明"
    with django_assert_max_num_queries(5):  # one asks which cases to write, one which topics
        area.save()

    assert CaseIndex.objects.values().get() == before


# --- all anew -----------------------------------------------------------------------------------------------------


def test_the_job_makes_every_row_anew_and_tells_how_far_it_is(case):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casestudies_caseindex SET vector = ''::tsvector, facets = '{}'")
    IndexedWord.objects.create(word="古い語", reading="フルイゴ")
    job = jobs.enqueue(REBUILD, label="索引", params={}, prefecture=None, key=REBUILD)
    jobs.drain()
    job.refresh_from_db()

    assert queue_of(REBUILD) == BULK
    assert (job.state, job.done, job.total, job.outcome["cases"]) == ("succeeded", 1, 1, 1)
    assert "areas:training" in CaseIndex.objects.get().facets
    assert not IndexedWord.objects.filter(word="古い語").exists()


def test_the_command_does_it_here_or_asks_a_worker_once(case):
    output = io.StringIO()
    call_command("rebuild_index", stdout=output)
    for _ in range(2):
        call_command("rebuild_index", queue=True, stdout=output)

    assert "事例1件の索引を作り直しました" in output.getvalue()
    assert jobs.drain() == 1
