"""Reviewed YAML files: text → plain values with their lines → pydantic models; every mistake with line and key.

The values come from libyaml's events and not from a loader: that is fourteen times faster than composing nodes in
Python, nothing recurses as deep as a file asks it to, and a file has no way to make objects or to multiply itself.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from dxportal.core.unseen import unseen

Place = tuple[str | int, ...]
"""The keys and positions that lead to a value: ``("sections", 0, "code")``; ``()`` is the whole file."""
T = TypeVar("T")

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 30
# No more digits than Python turns into numbers at once, whatever a file holds.
INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
DECIMAL = re.compile(r"-?\d{1,18}\.\d{1,18}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WORDS = {"": None, "~": None, "null": None, "true": True, "True": True, "false": False, "False": False}

# pydantic's error → the code and the sentence of ours; another error's type and message are taken as they are.
SENTENCES = {
    "missing": ("missing_key", "キー「{key}」がありません。書き足してください。"),
    "extra_forbidden": ("unknown_key", "知らないキー「{key}」です。つづりを確かめてください。"),
    "string_type": ("bad_type", "文字列で書いてください（数字だけの値は引用符で囲みます）。"),
    "string_too_short": ("empty", "空にはできません。"),
    "string_too_long": ("too_long", "{max_length}文字以内で書いてください（{length}文字あります）。"),
    "string_pattern_mismatch": ("bad_code", "「{input}」はコードに使えません（英小文字、数字、- と _）。"),
    "literal_error": ("bad_value", "「{input}」は使えません（{expected}のどれか）。"),
    "union_tag_invalid": ("bad_value", "「{tag}」は使えません（{expected}のどれか）。"),
    "union_tag_not_found": ("missing_key", "キー「{discriminator}」がありません。書き足してください。"),
    "int_type": ("bad_type", "整数で書いてください。"),
    "decimal_type": ("bad_type", "数で書いてください。"),
    "is_instance_of": ("bad_type", "数で書いてください。"),
    "greater_than_equal": ("bad_value", "{ge}以上で書いてください。"),
    "less_than_equal": ("bad_value", "{le}以下で書いてください。"),
    "bool_type": ("bad_type", "true か false で書いてください。"),
    "date_type": ("bad_type", "日付は 2024-03-31 の形で書いてください。"),
    "tuple_type": ("bad_type", "並び（- で始まる行）で書いてください。"),
    "list_type": ("bad_type", "並び（- で始まる行）で書いてください。"),
    "model_type": ("bad_type", "「キー: 値」の並びで書いてください。"),
}


@dataclass(frozen=True, order=True, slots=True)
class FileError:
    """One mistake in a file. ``key`` is the path of keys, such as ``sections[0].questions[2].when``."""

    file: str
    line: int
    key: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file} {self.line}行目 {self.key}: {self.message}（{self.code}）".lstrip()


class InvalidFileError(Exception):
    """All the mistakes of a file or of some, in the order of their lines."""

    def __init__(self, errors: Iterable[FileError]):
        self.errors = sorted(set(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


class FilePart(BaseModel):
    """A mapping of a file: every key known, every value of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def exact(value: object) -> object:
    return Decimal(value) if type(value) is int else value


def not_empty(items: Collection[object]) -> Collection[object]:
    if not items:
        raise PydanticCustomError("empty", "一つ以上書いてください。")
    return items


# pydantic's own min_length counts only the items that are right, and so tells of one mistake twice.
Some = AfterValidator(not_empty)
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[Decimal, BeforeValidator(exact)]
Positive = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]


class YamlFile:
    """The plain values of a text: str, int, Decimal, bool, date, None, list and dict; nothing else can be written.

    Whoever reads notes what is wrong in ``errors`` (``part``, ``fail``), so that one run finds every mistake, and
    raises ``invalid`` at the end. Raises InvalidFileError at once where the text is no YAML of this kind.
    """

    def __init__(self, text: str, name: str = "", named_by: str = ""):
        """``name`` of the file and the key that names the items of a list of things: for those who read the errors."""
        self.name = name
        self._named_by = named_by
        self.value: Any = None
        self.errors: list[FileError] = []
        self._lines: dict[Place, int] = {}
        try:
            events = yaml.parse(text, Loader=LOADER)
            next(events)  # the start of the stream
            if isinstance(next(events), yaml.StreamEndEvent):
                raise self._refused(1, "empty", "ファイルが空です。")
            event = next(events)
            self._lines[()] = _line(event)
            self.value = self._value(events, event, ())
            next(events)  # the end of the document
            if not isinstance(event := next(events), yaml.StreamEndEvent):
                raise self._refused(_line(event), "not_plain", "文書は一つのファイルに一つです（--- で区切れません）。")
        except (yaml.YAMLError, UnicodeError) as error:
            mark = getattr(error, "problem_mark", None)
            hint = "字下げ、「:」の後の空白、引用符と括弧の対を確かめてください"
            message = f"YAMLとして読めません。{hint}（{getattr(error, 'problem', None) or error}）。"
            raise self._refused(mark.line + 1 if mark else 1, "not_yaml", message) from error

    def at(self, place: Place) -> Any:
        """The value there; None where there is none."""
        value = self.value
        for step in place:
            known = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
            value = value[step] if step in known else None
        return value

    def places(self, *place: str | int) -> Iterator[Place]:
        """The places of a list's items; none where it is no list."""
        items = self.at(place)
        yield from ((*place, position) for position in range(len(items) if isinstance(items, list) else 0))

    def line(self, place: Place) -> int:
        """Where the value begins: the line of its key, or of the list's item."""
        return next(self._lines[place[:depth]] for depth in range(len(place), -1, -1) if place[:depth] in self._lines)

    def fail(self, place: Place, code: str, message: str, line: int | None = None) -> None:
        self.errors.append(FileError(self.name, line or self.line(place), self.key(place), code, message))

    def key(self, place: Place) -> str:
        """The place for people: ``sections[0].code``, ``001-p28.costs[0]`` where the items of a list have names."""
        top = self.at((*place[:1], self._named_by)) if self._named_by else None
        first, rest = (str(top), place[1:]) if top else ("", place)
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
        return (first + "".join(steps)).removeprefix(".") or "(全体)"

    @property
    def invalid(self) -> InvalidFileError:
        return InvalidFileError(self.errors)

    def part(self, validate: Callable[[Any], T], place: Place = ()) -> T | None:
        """The value there as ``validate`` (of a pydantic model) gives it; None, every mistake noted, where it can't.

        What was noted at a place before is the one mistake told of it.
        """
        noted = {error.key for error in self.errors}
        try:
            return validate(self.at(place))
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                code, message, at = self._explain(problem, place)
                if self.key(at) not in noted:
                    self.fail(at, code, message)
        return None

    def _explain(self, problem: ErrorDetails, place: Place) -> tuple[str, str, Place]:
        """Code, sentence and place of a mistake. pydantic's location also names what the file doesn't hold: keys that
        are missing and the forms of a union."""
        for step in problem["loc"]:
            around = self.at(place)
            if isinstance(around, list) or (isinstance(around, dict) and step in around):
                place = (*place, step)
        words: dict[str, Any] = {name: str(value).strip("'") for name, value in problem.get("ctx", {}).items()}
        words |= {"key": (*place, *problem["loc"])[-1] if place or problem["loc"] else "", "input": problem["input"]}
        words["length"] = len(str(problem["input"]).strip())
        words["expected"] = re.sub("', '|' or '", "、", words.get("expected_tags", words.get("expected", "")))
        if problem["type"] == "union_tag_invalid":
            place = (*place, words["discriminator"])
        if problem["type"] not in SENTENCES:
            return problem["type"], problem["msg"], place
        code, sentence = SENTENCES[problem["type"]]
        return code, sentence.format_map(words), place

    def _value(self, events: Iterator[Any], event: Any, place: Place) -> Any:
        if event.anchor or getattr(event, "tag", None):
            raise self._refused(
                _line(event),
                "not_plain",
                "アンカー（&）、別名（*）、タグ（!）は使えません。値をそのまま書いてください。",
            )
        if isinstance(event, yaml.ScalarEvent):
            if sentence := unseen(event.value):
                self.fail(place, "bad_character", sentence)
            return _plain(event.value) if event.implicit[0] else event.value
        # This function calls itself once a level: a limit of its own, far from the interpreter's.
        if len(place) >= DEEPEST:
            raise self._refused(_line(event), "not_plain", f"入れ子が深すぎます（{DEEPEST}段まで）。")
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                inside: Place = (*place, len(items))
                self._lines[inside] = _line(event)
                items.append(self._value(events, event, inside))
            return items
        values: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise self._refused(_line(event), "not_plain", "キーは、一つの語で書いてください。")
            key: str = event.value
            line: int = _line(event)
            inside = (*place, key)
            if key in values:
                self.fail(inside, "repeated_key", f"キー「{key}」が二度あります。一つにしてください。", line)
                inside = (*inside, "(二度目)")
            self._lines[inside] = line
            value = self._value(events, next(events), inside)
            values.setdefault(key, value)
        return values

    def _refused(self, line: int, code: str, message: str) -> InvalidFileError:
        """With what was noted before; nothing of the file can be read any further."""
        return InvalidFileError([*self.errors, FileError(self.name, line, "(全体)", code, message)])


def _line(event: Any) -> int:
    return event.start_mark.line + 1


def _plain(value: str) -> Any:
    """What an unquoted word stands for. Words that only look like numbers (007, 1_000, 0x1F) stay text."""
    if value in WORDS:
        return WORDS[value]
    if INTEGER.fullmatch(value):
        return int(value)
    if DECIMAL.fullmatch(value):
        return Decimal(value)
    if DAY.fullmatch(value):
        with suppress(ValueError):
            return dt.date.fromisoformat(value)
    return value
