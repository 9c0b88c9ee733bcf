import pytest
import yaml

from casestudies.domain.contribution.case_file import InvalidCasesError, parse

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


def read(*cases: dict):
    text = yaml.safe_dump(list(cases), allow_unicode=True)
    return parse(DOCUMENTS, {"a.yaml": text}, areas=["policy"], terms=["policy"])


def test_a_right_file_becomes_rows():
    library = read(a_case())
    assert library.cases[0].organizations[0].population == 100000
    assert library.cases[0].costs[0].value == 1000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source_id": "１番"}, "事例番号の形"),
        ({"document": "009"}, "資料「009」"),
        ({"field": "nothing"}, "用語にない"),
        ({"areas": ["nothing"]}, "分野にない"),
        ({"step": 4}, "ステップは0から3"),
        ({"step": "一"}, "「一」はこの項目に入れられません"),
        ({"colour": "赤"}, "「colour」という項目はありません"),
        ({"title": None}, "「title」がありません"),
        ({"organizations": []}, "「organizations」がありません"),
        ({"organizations": [{"name": "酒田市", "kind": "都市"}]}, "区分の値が違います"),
        ({"costs": [{"value": "多額", "meaning": "委託料"}]}, "「多額」は数ではありません"),
        ({"costs": [{"value": -1, "meaning": "委託料"}]}, "費用が負"),
        ({"tags": "一つ"}, "文字の一覧ではありません"),
    ],
)
def test_a_wrong_case_is_named_with_what_is_wrong(changes, said):
    with pytest.raises(InvalidCasesError) as caught:
        read(a_case(**changes))
    assert any("a.yaml" in line and said in line for line in caught.value.errors)


def test_all_errors_are_told_at_once():
    with pytest.raises(InvalidCasesError) as caught:
        read(a_case(step=9), a_case(source_id="001-p98", areas=["x"]), a_case(source_id="001-p98"))
    assert len(caught.value.errors) == 3


def test_text_that_is_no_yaml_is_told():
    with pytest.raises(InvalidCasesError, match="YAMLとして読めません"):
        parse(DOCUMENTS, {"a.yaml": "- {"}, areas=[], terms=[])
