import pytest
import yaml

from casestudies.domain.contribution.case_file import parse
from dxportal.core.intake.yaml_file import InvalidFileError

DOCUMENTS = "- {code: '001', title: 事例集, publisher: 総務省, fiscal_year: 2021}"


def a_case(**changes) -> dict:
    case = {
        "source_id": "001-p99",
        "document": "001",
        "title": "題名",
        "summary": "要約",
        "field": "policy",
        "organizations": [{"name": "酒田市", "kind": "city", "prefecture": "山形県", "population": 100000}],
        "areas": ["policy"],
        "costs": [{"value": 1000, "meaning": "委託料", "unit": "円"}],
    }
    return {key: value for key, value in (case | changes).items() if value is not None}


def dump(*cases: dict) -> str:
    return yaml.safe_dump(list(cases), allow_unicode=True, sort_keys=False)


def read(*cases: dict):
    return parse(DOCUMENTS, {"a.yaml": dump(*cases)}, areas=["policy"], terms=["policy"])


def errors_of(*cases: dict):
    with pytest.raises(InvalidFileError) as caught:
        read(*cases)
    return caught.value.errors


def test_a_right_file_becomes_rows():
    library = read(a_case())
    assert library.cases[0].organizations[0].population == 100000
    assert library.cases[0].costs[0].value == 1000


# what is changed → the error's key below the case and its code
@pytest.mark.parametrize(
    ("changes", "key", "code"),
    [
        ({"source_id": "１番"}, "source_id", "bad_code"),
        ({"document": "009"}, "document", "unknown_code"),
        ({"field": "nothing"}, "field", "unknown_code"),
        ({"outcomes": ["nothing"]}, "outcomes", "unknown_code"),
        ({"areas": ["nothing"]}, "areas", "unknown_code"),
        ({"step": 4}, "step", "bad_value"),
        ({"step": "一"}, "step", "bad_type"),
        ({"step_basis": "guessed"}, "step_basis", "bad_value"),
        ({"colour": "赤"}, "colour", "unknown_key"),
        ({"title": None}, "", "missing_key"),
        ({"organizations": []}, "organizations", "empty"),
        ({"organizations": [{"name": "酒田市", "kind": "都市"}]}, "organizations[0].kind", "bad_value"),
        ({"organizations": [{"name": "酒田市", "kind": "city", "basis": "x"}]}, "organizations[0].basis", "bad_value"),
        ({"costs": [{"value": "多額", "meaning": "委託料"}]}, "costs[0].value", "bad_type"),
        ({"costs": [{"value": -1, "meaning": "委託料"}]}, "costs[0].value", "bad_value"),
        ({"figures": ["三つ"]}, "figures[0]", "bad_type"),
        ({"tags": "一つ"}, "tags", "bad_type"),
        ({"tags": ["一つ", 2]}, "tags[1]", "bad_type"),
        ({"links": [{"label": "手引き"}]}, "links[0]", "missing_key"),
    ],
)
def test_a_wrong_case_is_named_with_file_line_key_and_code(changes, key, code):
    case = a_case(**changes)

    [error] = errors_of(case)

    assert (error.file, error.code) == ("a.yaml", code)
    assert error.key == ".".join(filter(None, (case["source_id"], key)))
    last = key.split(".")[-1].split("[")[0] if not key.endswith("]") else ""
    assert last in dump(case).splitlines()[error.line - 1]
    assert str(error).startswith(f"a.yaml {error.line}行目 {error.key}: ")


def test_all_errors_of_all_files_are_told_at_once():
    files = {"a.yaml": dump(a_case(step=9, year="去年")), "b.yaml": dump(a_case(source_id="001-p98", areas=["x"]))}
    files |= {"c.yaml": dump(a_case(source_id="001-p98")) + "- 一つ\n", "d.yaml": "- {"}

    with pytest.raises(InvalidFileError) as caught:
        parse(DOCUMENTS, files, areas=["policy"], terms=["policy"])

    assert [(error.file, error.key, error.code) for error in caught.value.errors] == [
        ("a.yaml", "001-p99.step", "bad_value"),
        ("a.yaml", "001-p99.year", "bad_type"),
        ("b.yaml", "001-p98.areas", "unknown_code"),
        ("c.yaml", "001-p98.source_id", "duplicate"),
        ("c.yaml", "[1]", "bad_type"),
        ("d.yaml", "(全体)", "not_yaml"),
    ]
    assert "b.yaml 1行目" in str(caught.value)


def test_a_file_that_is_no_list_is_told():
    with pytest.raises(InvalidFileError, match="並び（- で始まる行）で書いてください"):
        parse(DOCUMENTS, {"a.yaml": "cases: 一つ"}, areas=[], terms=[])


def test_a_wrong_document_is_the_one_mistake_told():
    with pytest.raises(InvalidFileError) as caught:
        parse(DOCUMENTS.replace("2021", "去年"), {"a.yaml": dump(a_case())}, areas=["policy"], terms=["policy"])
    assert [(error.file, error.code) for error in caught.value.errors] == [("documents.yaml", "bad_type")]
