import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import pytest
from pydantic import TypeAdapter

from dxportal.core.intake.yaml_file import FilePart, InvalidFileError, Number, Some, Text, YamlFile


class Tool(FilePart):
    name: Text
    price: Number | None = None


class Shelf(FilePart):
    kind: Literal["shelf"]
    tools: list[Tool]
    marks: Annotated[list[Text], Some] = ["棚"]


SHELF = TypeAdapter(Shelf)


def refused(text):
    with pytest.raises(InvalidFileError) as caught:
        YamlFile(text)
    return [(error.line, error.code) for error in caught.value.errors]


def noted(text, validate=Shelf.model_validate):
    file = YamlFile(text)
    file.part(validate)
    return [(error.line, error.key, error.code) for error in file.invalid.errors]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("-20", -20),
        ("1.50", Decimal("1.50")),
        ("true", True),
        ("2024-03-31", dt.date(2024, 3, 31)),
        ("null", None),
        ("", None),
        ('"1"', "1"),
        ("'true'", "true"),
        ("|\n  二行\n  です\n", "二行\nです\n"),
        # What only looks like a number, a day or a yes stays as it is written.
        ("001", "001"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("12:30", "12:30"),
        ("2024-02-30", "2024-02-30"),
        ("yes", "yes"),
        ("no", "no"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_word_has_one_meaning(written, value):
    assert YamlFile(f"a: {written}").value == {"a": value}


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "b: &x 1",
        "a: 1\nb: *x",
        "a: !!python/object/apply:os.system [id]",
        "a: !!str 1",
        "&x a: 1",
        "? [1, 2]\n: 1",
        "a: 1\n---\nb: 2",
        "[" * 100_000,
        "- " * 100_000,
        "{a: " * 100_000,
    ],
)
def test_yaml_that_could_make_objects_or_multiply_itself_is_refused(text):
    assert [code for _, code in refused(text)] == ["not_plain"]


@pytest.mark.parametrize("text", ["a: [", "a: 'x", "a: b: c", "\tx: 1", "a\x00b", "%YAML 9.9\n---\na: 1", "a: \ud800"])
def test_what_is_no_yaml_is_told_with_what_to_look_for(text):
    with pytest.raises(InvalidFileError, match="字下げ、「:」の後の空白、引用符と括弧の対を確かめてください") as caught:
        YamlFile(text)
    assert [error.code for error in caught.value.errors] == ["not_yaml"]


@pytest.mark.parametrize("text", ["", "# 注釈だけ\n"])
def test_an_empty_file_is_told(text):
    assert refused(text) == [(1, "empty")]


def test_every_mistake_of_a_part_has_its_line_and_key():
    text = "kind: shelf\ntools:\n- name: のこぎり\n  price: たかい\n- naem: かんな\n- つち\n- name: ' '\nmarks: []\n"

    assert noted(text) == [
        (4, "tools[0].price", "bad_type"),
        (5, "tools[1]", "missing_key"),
        (5, "tools[1].naem", "unknown_key"),
        (6, "tools[2]", "bad_type"),
        (7, "tools[3].name", "empty"),
        (8, "marks", "empty"),
    ]


def test_a_repeated_key_is_told_once_and_the_first_value_counts():
    text = "kind: shelf\ntools: []\nkind: box\n"

    assert noted(text) == [(3, "kind", "repeated_key")]
    assert YamlFile(text).value["kind"] == "shelf"


def test_what_was_noted_at_a_key_is_the_one_mistake_told_of_it():
    file = YamlFile("kind: shelf\ntools: []\nwheels: 4\n")
    file.fail(("wheels",), "wrong_key", "棚に車輪は付けられません。")

    assert file.part(SHELF.validate_python) is None
    assert [error.code for error in file.errors] == ["wrong_key"]


def test_errors_read_as_sentences_with_file_line_and_key():
    file = YamlFile("- {name: 一, price: 1, colour: 赤}\n- {price: 1}\n", "tools.yaml", named_by="name")
    for place in file.places():
        file.part(Tool.model_validate, place)

    assert str(file.invalid).splitlines() == [
        "tools.yaml 1行目 一.colour: 知らないキー「colour」です。つづりを確かめてください。（unknown_key）",
        "tools.yaml 2行目 [1]: キー「name」がありません。書き足してください。（missing_key）",
    ]
