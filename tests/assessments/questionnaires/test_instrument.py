import pytest
import yaml

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.questionnaire_file import parse
from assessments.domain.questionnaires.spec import QuestionKind, leaves
from assessments.domain.scores.scoring import maximum, score
from dxportal.settings import BASE_DIR

FOLDER = BASE_DIR / "fixtures/questionnaires"
AREAS = {row["code"] for row in yaml.safe_load((BASE_DIR / "fixtures/areas.yaml").read_text(encoding="utf-8"))}


def load(name):
    return parse((FOLDER / name).read_text(encoding="utf-8"), AREAS, lambda other: (FOLDER / other).read_text("utf-8"))


FULL = load("dx-maturity-2024.yaml")
SIZES = {"0": 6, "1": 1, "2": 4, "3": 13, "4": 3, "5": 10, "6": 12, "7": 12, "8": 5}
TWENTY = {
    "児童手当", "子ども・子育て支援", "住民基本台帳", "戸籍の附票", "印鑑登録", "選挙人名簿管理", "固定資産税", "個人住民税",
    "法人住民税", "軽自動車税", "戸籍", "就学", "健康管理", "児童扶養手当", "生活保護", "障害者福祉", "介護保険", "国民健康保険",
    "後期高齢者医療", "国民年金",
}  # fmt: skip
PUBLISHED = {
    "0-1": ["定義している", "定義していない"],
    "1-1": ["策定済み", "策定する予定がある", "時期は未定だが策定を検討中", "策定する予定はない"],
    "2-3": ["設置済み", "設置する予定がある", "設置する予定はない"],
    "2-4": ["部局横断組織", "部・課等", "係・担当等", "その他"],
    "3-4": ["活用している", "活用する予定がある", "時期は未定だが活用したい", "活用する予定はない"],
    "3-9": ["実施している", "実施する予定がある", "時期は未定だが実施したい", "実施する予定はない"],
    "3-12": ["推進している", "推進する予定がある", "時期は未定だが推進したい", "推進する予定はない"],
    "4-1": ["大いに期待する", "少し期待する", "現時点ではわからない", "全く期待しない"],
    "4-2": [
        "域内市区町村との連絡調整や情報交換の場の開催",
        "電子申請サービスやAI・RPAの共同利用の推進",
        "ICTの専門家の派遣や、専門家の相談を受けることができる体制づくり",
        "デジタルリテラシーの向上等を図る研修、人事交流などを通じた職員育成",
        "市町村が外部人材の共同での任用等を希望する場合の調整",
        "DXの取り組みの進捗管理",
        "地域のデジタル人材の把握と外部人材の任用等を希望する市区町村への紹介",
        "次期自治体情報セキュリティクラウドへの移行",
        "全てのシステムの共同調達",
        "推進部門のない団体への無理のない支援",
        "市町村が参加できるデータ連携基盤の提供",
    ],
}


def test_the_instrument_has_all_66_questions_in_order():
    expected = [f"{step}-{number}" for step, size in SIZES.items() for number in range(1, size + 1)]

    assert [question.code for question in FULL.questions] == expected
    assert len(expected) == 66


def test_exactly_five_questions_are_conditional():
    conditions = {
        question.code: [(leaf.question, leaf.any_of) for leaf in leaves(question.condition)]
        for question in FULL.questions
        if question.condition
    }

    assert conditions == {
        "0-2": [("0-1", ("defined",))],
        "0-4": [("0-3", ("done",))],
        "2-2": [("2-1", ("done", "planned"))],
        "2-4": [("2-3", ("done", "planned"))],
        "3-10": [("3-9", ("done", "planned"))],
    }


def test_the_matrix_has_the_twenty_standardised_operations():
    question = FULL.question("3-1")

    assert question.kind == QuestionKind.MATRIX
    assert {row.label for row in question.rows} == TWENTY
    assert len(question.rows) == 20


@pytest.mark.parametrize("code", PUBLISHED)
def test_choices_are_as_published(code):
    assert [choice.label for choice in FULL.question(code).choices] == PUBLISHED[code]


def test_the_kinds_that_the_sources_print_are_kept():
    kinds = {code: FULL.question(code).kind for code in ("0-4", "0-6", "4-2", "4-3", "5-2", "7-3", "7-4", "7-8")}

    assert kinds == {
        **dict.fromkeys(("0-4", "0-6", "4-2", "4-3", "5-2"), QuestionKind.MULTIPLE),
        "7-3": QuestionKind.NUMBER,
        "7-4": QuestionKind.SINGLE,
        "7-8": QuestionKind.SINGLE,
    }
    assert FULL.question("7-3").unit == "件"


def test_each_step_and_focus_area_is_worth_30_and_the_rest_nothing():
    assert {section.code: section.worth for section in FULL.sections} == {
        **dict.fromkeys(("step0", "step1", "step2", "step3", "people", "service", "technology"), 30),
        "support": 0,
        "profile": 0,
    }
    assert maximum(FULL) == 210


def test_every_question_has_a_help_text_and_every_one_but_the_profile_an_area():
    assert all(question.help for question in FULL.questions)
    assert {question.code for question in FULL.questions if not question.area} == {f"8-{n}" for n in range(1, 6)}


def test_keys_are_the_same_in_both_years_so_that_years_compare():
    earlier = load("dx-maturity-2023.yaml")

    assert (earlier.code, earlier.version, earlier.fiscal_year) == ("dx-maturity", "2023", 2023)
    assert {question.key: question.code for question in earlier.questions} == {
        question.key: question.code for question in FULL.questions
    }


def best(question):
    """An answer that earns the question's full points."""
    ranked = sorted(question.choices, key=lambda choice: -(choice.points or 0))
    if question.kind == QuestionKind.TEXT:
        return AnswerValue(text="記述")
    if question.kind == QuestionKind.NUMBER:
        return AnswerValue(number=question.bands[-1].minimum)
    if question.kind == QuestionKind.MATRIX:
        return AnswerValue(rows=tuple((row.code, ranked[0].code) for row in question.rows))
    if question.kind == QuestionKind.MULTIPLE:
        return AnswerValue(choices=tuple(choice.code for choice in question.choices if not choice.exclusive))
    return AnswerValue(choices=(ranked[0].code,))


def test_the_best_answers_reach_the_full_total_and_no_answers_none():
    top = score(FULL, {question.code: best(question) for question in FULL.questions})

    assert top.total == 210
    assert all(item.earned == item.possible for item in top.questions)
    assert (top.unanswered_required, score(FULL, {}).total) == (0, 0)


@pytest.mark.parametrize(
    "question",
    [q for q in FULL.questions if q.kind == QuestionKind.SINGLE and q.scored],
    ids=lambda question: question.code,
)
def test_a_better_choice_never_lowers_the_total_though_conditions_hang_on_it(question):
    answers = {other.code: best(other) for other in FULL.questions}
    ladder = sorted(question.choices, key=lambda choice: choice.points)

    totals = [score(FULL, {**answers, question.code: AnswerValue(choices=(item.code,))}).total for item in ladder]

    assert totals == sorted(totals)


def test_the_initiatives_survey_asks_nine_times_whether_and_what():
    spec = load("saitama-initiatives-2022.yaml")

    assert [(question.code, question.kind) for question in spec.questions] == [
        pair for n in range(1, 10) for pair in ((f"{n}-1", "single"), (f"{n}-2", "text"))
    ]
    assert {choice.label for question in spec.questions for choice in question.choices} == {"有", "無"}
    assert maximum(spec) == 0


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_file_is_right(path):
    assert load(path.name).questions
