import pytest

from assessments.domain.questionnaires.questionnaire_file import parse
from assessments.domain.questionnaires.serial import condition_from_data, condition_to_data, digest
from assessments.domain.questionnaires.spec import AllOf, AnyOf, Leaf
from dxportal.core.intake.yaml_file import InvalidFileError
from tests.support.sample_questionnaire import GOOD, MISTAKES, change


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def errors_of(text, **options):
    with pytest.raises(InvalidFileError) as caught:
        parse(text, **options)
    return caught.value.errors


def test_a_good_file_becomes_the_questionnaire_it_describes():
    spec = parse(GOOD, areas={"ai"})

    assert (spec.code, spec.version, spec.fiscal_year, spec.title) == ("small", "1", 2024, "小さな調査票")
    assert [(question.code, question.kind, question.max_points) for question in spec.questions] == [
        ("0-1", "single", 10),
        ("0-2", "text", 0),
        ("0-3", "multiple", 3),
        ("0-4", "number", 10),
        ("0-5", "matrix", 4),
        ("0-6", "ranking", 2 * 3 + 1),
        ("8-1", "text", 0),
    ]
    assert spec.question("0-2").condition == Leaf("0-1", ("done",))
    assert spec.question("0-6").condition == AnyOf(
        (Leaf("0-3", ("a",)), AllOf((Leaf("0-1", ("done", "none")),))),
    )
    assert (spec.question("0-1").area, spec.question("0-2").required) == ("ai", False)
    assert spec.contradictions[0].questions == ("0-1", "0-3")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_shown_at_its_line_with_its_code(mistake):
    old, new, code, part = MISTAKES[mistake]
    text = change(old, new)

    errors = errors_of(text, areas={"ai"})

    line = text[: text.index(part)].count("\n") + 1
    assert [(error.line, error.code) for error in errors] == [(line, code)]
    assert errors[0].key


def test_all_mistakes_are_told_at_once_in_the_order_of_lines():
    text = (
        change("key: first", "key: First!")
        .replace("any_of: [done]}", "any_of: [gone]}", 1)
        .replace("max_points: 3", "max_points: 50")
        .replace("type: ranking", "type: order")
    )

    errors = errors_of(text)

    assert [error.code for error in errors] == ["bad_code", "unknown_choice", "cap_unreachable", "bad_value"]
    assert [error.line for error in errors] == sorted(error.line for error in errors)
    assert str(errors[1]).startswith(f"{line_of(text, 'any_of: [gone]')}行目 sections[0].questions[1].when: ")


def question(code, when="", kind="single"):
    condition = f", when: {when}" if when else ""
    options = "{code: a, label: あ}, {code: b, label: い}"
    return f"      - {{code: {code}, key: k{code}, type: {kind}, short: 一, wording: 一{condition}, choices: [{options}]}}\n"


HEAD = 'code: c\nversion: "1"\nfiscal_year: 2024\ntitle: 題\nsections:\n'
SECTION = "  - code: s\n    kind: focus\n    title: 区分\n    questions:\n"


def test_a_circle_of_conditions_is_named_at_each_of_its_links():
    text = (
        HEAD + SECTION + question("q1", "{question: q3, any_of: [a]}") + question("q2", "{question: q1, any_of: [a]}")
    )
    text += question("q3", "{question: q2, any_of: [a]}")

    errors = errors_of(text)

    assert [(error.code, error.line) for error in errors] == [("cycle", 10), ("cycle", 11), ("cycle", 12)]


@pytest.mark.parametrize(
    ("kind", "when", "reachable"),
    [
        ("single", "{all: [{question: q1, any_of: [a]}, {question: q1, any_of: [b]}]}", False),
        ("single", "{all: [{question: q1, any_of: [a]}, {question: q1, any_of: [a, b]}]}", True),
        ("single", "{any: [{question: q1, any_of: [a]}, {question: q1, any_of: [b]}]}", True),
        ("multiple", "{all: [{question: q1, any_of: [a]}, {question: q1, any_of: [b]}]}", True),
    ],
)
def test_a_question_that_no_answers_can_show_is_unreachable(kind, when, reachable):
    text = HEAD + SECTION + question("q1", kind=kind) + question("q2", when)

    if reachable:
        assert parse(text).question("q2")
    else:
        assert [(error.code, error.line) for error in errors_of(text)] == [("unreachable", 11)]


def test_a_question_is_unreachable_when_it_needs_two_answers_that_exclude_each_other_on_the_way():
    text = HEAD + SECTION + question("q1") + question("q2", "{question: q1, any_of: [a]}")
    text += question("q3", "{all: [{question: q2, any_of: [a]}, {question: q1, any_of: [b]}]}")
    text += question("q4", "{question: q3, any_of: [a]}")

    assert [(error.code, error.line) for error in errors_of(text)] == [("unreachable", 12), ("unreachable", 13)]


def test_an_exclusive_choice_cannot_meet_a_condition_together_with_another():
    options = "{code: a, label: あ}, {code: z, label: ない, exclusive: true}"
    first = f"      - {{code: q1, key: k1, type: multiple, short: 一, wording: 一, choices: [{options}]}}\n"
    both = "{all: [{question: q1, any_of: [a]}, {question: q1, any_of: [z]}]}"

    assert [error.code for error in errors_of(HEAD + SECTION + first + question("q2", both))] == ["unreachable"]
    assert parse(HEAD + SECTION + first + question("q2", both.replace("all", "any")))


def test_a_scored_section_without_scored_questions_is_an_error():
    text = HEAD + SECTION.replace("title: 区分", "title: 区分\n    worth: 30")
    text += "      - {code: q1, key: k1, type: text, short: 一, wording: 一}\n"

    assert [error.code for error in errors_of(text)] == ["worth_without_points"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("a: [", "not_yaml"),
        ("- 1", "bad_type"),
        ("just words", "bad_type"),
        (HEAD + "  []\n", "empty"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_told_so(text, code):
    assert code in {error.code for error in errors_of(text)}


def test_a_tab_is_shown_at_its_line():
    assert [(error.line, error.code) for error in errors_of("a: 1\n\tb: 2\n")] == [(2, "not_yaml")]


def test_a_version_may_repeat_the_questions_of_another():
    text = 'code: small\nversion: "2"\nfiscal_year: 2025\ntitle: 次の年\nsame_as: first.yaml\n'

    spec = parse(text, read={"first.yaml": GOOD}.__getitem__)

    assert (spec.version, spec.fiscal_year, spec.title) == ("2", 2025, "次の年")
    assert spec.questions == parse(GOOD).questions
    assert digest(spec) != digest(parse(GOOD))


def test_a_version_cannot_repeat_a_missing_file_or_a_repetition():
    text = 'code: small\nversion: "2"\nfiscal_year: 2025\ntitle: 次の年\nsame_as: first.yaml\n'

    def lost(name):
        raise FileNotFoundError(name)

    for read in (None, lost, {"first.yaml": text}.__getitem__):
        assert [(error.line, error.code) for error in errors_of(text, read=read)] == [(5, "bad_same_as")]


def test_the_digest_follows_the_content_and_not_the_layout():
    assert digest(parse(GOOD)) == digest(parse("# 注釈\n" + GOOD.replace("maximum: 99.5", "maximum: 99.50")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("していない", "いない"),
        ("wording: 一を", "wording: 一つを"),
        ("area: ai", "area: rpa"),
        ("short: 一", "short: 一\n        help: 注"),
        ("points: 10}\n", "points: 11}\n"),
        ("maximum: 99.5", "maximum: 99"),
        ("合いません", "合わない"),
        ("code: y, label: 乙", "code: y, label: 丙"),
    ],
)
def test_any_change_of_content_changes_the_digest(old, new):
    assert digest(parse(GOOD)) != digest(parse(change(old, new)))


def test_a_condition_survives_the_way_to_json_and_back():
    for question in parse(GOOD).questions:
        assert condition_from_data(condition_to_data(question.condition)) == question.condition
