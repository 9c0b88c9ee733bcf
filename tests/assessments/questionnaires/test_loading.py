from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.domain.questionnaires.loading import load_questionnaire
from assessments.domain.questionnaires.questionnaire_file import parse
from assessments.domain.questionnaires.serial import digest
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.tiers.scheme_file import parse_scheme
from assessments.domain.tiers.stored_schemes import load_scheme, priority_rules, tier_rules
from assessments.models import PriorityScheme, Question, Questionnaire, TierScheme
from dxportal.core.taxonomy.loading import load_areas
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.errors import NotPossible
from dxportal.settings import BASE_DIR
from tests.support.sample_questionnaire import GOOD, change

pytestmark = pytest.mark.django_db
INSTRUMENT = BASE_DIR / "fixtures/questionnaires/dx-maturity-2024.yaml"
TIERS = (BASE_DIR / "fixtures/schemes/tiers.yaml").read_text(encoding="utf-8")


@pytest.fixture
def areas(db):
    return load_areas((BASE_DIR / "fixtures/areas.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def file(tmp_path):
    def write(text, name="調査 票.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(*arguments):
    out = StringIO()
    call_command("load_questionnaire", *arguments, stdout=out)
    return out.getvalue()


def test_the_shipped_instrument_loads_with_all_its_questions_choices_and_rows(areas):
    output = run(INSTRUMENT, "--publish")

    row = Questionnaire.objects.get(code="dx-maturity", version="2024")
    assert "66問）：登録しました。状態は確定版です。" in output
    assert (row.status, row.questions.count(), row.sections.count()) == ("published", 66, 9)
    assert row.questions.get(code="3-1").matrix_rows.count() == 20
    assert row.questions.get(code="4-2").choices.count() == 11


def test_what_was_loaded_reads_back_as_what_the_file_says(areas):
    spec = parse(INSTRUMENT.read_text(encoding="utf-8"), areas)

    read = stored_questionnaire(load_questionnaire(spec).questionnaire.pk).spec

    assert [question.code for question in read.questions] == [question.code for question in spec.questions]
    for question, original in zip(read.questions, spec.questions, strict=True):
        assert question.condition == original.condition
        assert (question.choices, question.rows, question.bands) == (original.choices, original.rows, original.bands)
        assert (question.kind, question.max_points, question.required) == (
            original.kind,
            original.max_points,
            original.required,
        )
    assert (read.sections, read.contradictions) == (spec.sections, spec.contradictions)


def test_areas_are_read_once_however_many_questions_name_them(areas, monkeypatch):
    spec = parse(INSTRUMENT.read_text(encoding="utf-8"), areas)
    monkeypatch.setattr(Area, "__str__", lambda _area: pytest.fail("an area was put into words once a question"))

    with CaptureQueriesContext(connection) as loading:
        row = load_questionnaire(spec).questionnaire
    with CaptureQueriesContext(connection) as reading:
        read = stored_questionnaire(row.pk).spec

    assert len({question.area for question in read.questions if question.area}) > 5
    assert sum("taxonomy_area" in query["sql"] for query in loading.captured_queries) == 1
    assert sum("taxonomy_area" in query["sql"] for query in reading.captured_queries) == 1


def test_the_same_content_again_changes_nothing(areas):
    run(INSTRUMENT, "--publish")
    before = list(Question.objects.order_by("pk").values_list("pk", flat=True))

    output = run(INSTRUMENT, "--publish")

    assert "同じ内容が登録済みです" in output
    assert list(Question.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_published_version_cannot_change_and_the_error_says_to_raise_the_version(file):
    run(file(GOOD), "--publish")

    with pytest.raises(CommandError, match="version を上げて"):
        run(file(change("していない", "いない")))

    row = Questionnaire.objects.get(code="small")
    assert row.digest == digest(parse(GOOD))
    assert row.questions.get(code="0-1").choices.filter(label="していない").exists()


def test_a_draft_is_replaced_and_may_then_be_published(file):
    run(file(GOOD))
    output = run(file(change("一を選んでください。", "一つ選んでください。")), "--publish")

    row = Questionnaire.objects.get(code="small")
    assert "下書きを置き換えました" in output
    assert (row.status, row.questions.get(code="0-1").wording) == ("published", "一つ選んでください。")
    assert row.questions.count() == 7


def test_another_version_stands_beside_the_published_one(file):
    run(file(GOOD), "--publish")
    run(file(change('version: "1"', 'version: "2"').replace("していない", "いない")), "--publish")

    assert set(Questionnaire.objects.filter(code="small").values_list("version", flat=True)) == {"1", "2"}


def test_every_mistake_is_told_with_file_line_and_key_and_nothing_is_stored(file):
    path = file(change("any_of: [done]}", "any_of: [gone]}").replace("area: ai", "area: magic"))

    with pytest.raises(CommandError) as caught:
        run(path)

    message = str(caught.value)
    assert f"{path} に誤りが2件あります。" in message
    assert "12行目 sections[0].questions[0]: 分野「magic」は登録されていません。（unknown_area）" in message
    assert "行目 sections[0].questions[1].when: 設問「0-1」に選択肢「gone」はありません。（unknown_choice）" in message
    assert not Questionnaire.objects.exists()


def test_a_missing_file_is_one_clear_sentence(tmp_path):
    with pytest.raises(CommandError, match="ファイルを読めません"):
        run(tmp_path / "nothing.yaml")


def test_a_failure_in_the_middle_leaves_nothing_behind(areas):
    spec = parse(GOOD)
    Area.objects.get(code="ai").delete()

    with pytest.raises(Area.DoesNotExist):
        load_questionnaire(spec)

    assert not Questionnaire.objects.exists()


def test_areas_are_brought_up_to_date_by_their_code(areas):
    count = Area.objects.count()

    load_areas("- {code: ai, name: 人工知能}")

    assert (Area.objects.count(), Area.objects.get(code="ai").name) == (count, "人工知能")


def test_the_shipped_schemes_load_once_as_defaults_and_read_back():
    for _ in range(2):
        call_command("load_schemes", stdout=StringIO())

    tiers, priority = TierScheme.objects.get(), PriorityScheme.objects.get()
    assert (tiers.is_default, priority.is_default) == (True, True)
    assert tier_rules(tiers) == parse_scheme(TIERS)[0]
    assert [rule.priority_at_most for rule in priority_rules(priority).steps] == [10, 29, 14, 5]


def test_a_stored_scheme_cannot_change_under_its_version():
    load_scheme(parse_scheme(TIERS)[0])

    with pytest.raises(NotPossible, match="version を上げて"):
        load_scheme(parse_scheme(TIERS.replace("minimum: 105", "minimum: 100"))[0])

    assert tier_rules(TierScheme.objects.get()).band(3).minimum == 105


def test_a_new_version_becomes_the_only_default_and_a_later_choice_is_left_alone():
    load_scheme(parse_scheme(TIERS)[0], default=True)
    second, _ = load_scheme(parse_scheme(TIERS.replace("version: 1", "version: 2"))[0], default=True)
    assert TierScheme.objects.get(is_default=True) == second

    load_scheme(parse_scheme(TIERS)[0], default=True)

    assert TierScheme.objects.get(is_default=True) == second


def test_a_wrong_scheme_file_is_refused_with_its_line(file):
    with pytest.raises(CommandError, match=r"\d+行目 bands: .*not_ordered"):
        call_command("load_schemes", file(TIERS.replace("minimum: 105", "minimum: 200")))

    assert not TierScheme.objects.exists()
