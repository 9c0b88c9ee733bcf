"""The YAML form of a questionnaire: text in, a checked ``QuestionnaireSpec`` or every error out.

The format is described in assessments/README.md. Nothing here touches the database.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from assessments.domain.questionnaires.checks import Draft, check_questionnaire, with_points
from assessments.domain.questionnaires.spec import (
    AllOf,
    AnyOf,
    BandSpec,
    ChoiceSpec,
    Condition,
    ContradictionSpec,
    Leaf,
    QuestionKind,
    QuestionnaireSpec,
    QuestionSpec,
    RowSpec,
    SectionSpec,
)
from dxportal.core.intake.yaml_file import Count, FilePart, Number, Place, Positive, Some, Text, YamlFile

CODE = r"^[a-z][a-z0-9_-]*$"
QUESTION_CODE = r"^[0-9A-Za-z][0-9A-Za-z-]*$"
CHOICE_CODE = r"^[a-z0-9][a-z0-9_]*$"


class ConditionPart(FilePart):
    """``{question, any_of}``, ``{all: [...]}`` or ``{any: [...]}``, nested."""

    question: Text | None = None
    any_of: Annotated[list[Text], Some] | None = None
    all: Annotated[list["ConditionPart"], Some] | None = None
    any: Annotated[list["ConditionPart"], Some] | None = None

    @model_validator(mode="after")
    def _of_one_form(self) -> Self:
        if self.model_fields_set not in ({"question", "any_of"}, {"all"}, {"any"}):
            message = "question と any_of、all、any のどれか一つの形で書いてください。"
            raise PydanticCustomError("bad_condition", message)
        return self

    def spec(self) -> Condition:
        if self.question:
            return Leaf(self.question, tuple(self.any_of or ()))
        return (AllOf if self.all else AnyOf)(tuple(item.spec() for item in self.all or self.any or ()))


def only_for_multiple(exclusive: bool) -> bool:
    if exclusive:
        raise PydanticCustomError("exclusive_not_multiple", "exclusive は複数選択の設問だけに書けます。")
    return exclusive


class ChoicePart(FilePart):
    code: Annotated[Text, Field(max_length=20, pattern=CHOICE_CODE)]
    label: Annotated[Text, Field(max_length=200)]
    points: Count | None = None
    exclusive: Annotated[bool, AfterValidator(only_for_multiple)] = False


class MultipleChoicePart(ChoicePart):
    exclusive: bool = False


class RowPart(FilePart):
    code: Annotated[Text, Field(max_length=20, pattern=CHOICE_CODE)]
    label: Annotated[Text, Field(max_length=100)]


class BandPart(FilePart):
    minimum: Number
    points: Count


def falling(weights: list[int]) -> list[int]:
    if weights != sorted(weights, reverse=True):
        raise PydanticCustomError("weights_order", "重みは1位から順に大きい方から書いてください。")
    return weights


def rising(bands: list[BandPart]) -> list[BandPart]:
    minimums = [band.minimum for band in bands]
    if minimums != sorted(set(minimums)):
        raise PydanticCustomError("bands_order", "区切りは小さい方から、重ならないように書いてください。")
    return bands


class QuestionPart(FilePart):
    """What questions of every kind have, and what those of some kinds add (absent: an empty value)."""

    code: Annotated[Text, Field(max_length=10, pattern=QUESTION_CODE)]
    key: Annotated[Text, Field(max_length=50, pattern=CODE)]
    type: Literal["single", "multiple", "text", "number", "matrix", "ranking"]
    wording: Text
    short: Annotated[Text, Field(max_length=60)]
    help: Text = ""
    area: Annotated[Text, Field(max_length=50)] = ""
    required: bool = True
    when: ConditionPart | None = None

    def spec(self, section: str) -> QuestionSpec:
        """The question without its points."""
        own = self.model_dump(exclude={"type", "when", "max_points"})
        condition = self.when.spec() if self.when else None
        own |= {name: tuple(item(row) for row in own[name]) for name, item in ITEMS.items() if name in own}
        return QuestionSpec(kind=QuestionKind(self.type), section=section, condition=condition, **own)


ITEMS: dict[str, Callable[[Any], object]] = {
    "choices": lambda choice: ChoiceSpec(**choice),
    "rows": lambda row: RowSpec(**row),
    "bands": lambda band: BandSpec(**band),
    "weights": int,
}


class SinglePart(QuestionPart):
    choices: list[ChoicePart]


class MultiplePart(QuestionPart):
    choices: list[MultipleChoicePart]
    max_points: Positive | None = None


class NumberPart(QuestionPart):
    unit: Annotated[Text, Field(max_length=10)] = ""
    minimum: Number | None = None
    maximum: Number | None = None
    bands: Annotated[list[BandPart], AfterValidator(rising)] = []


class MatrixPart(QuestionPart):
    choices: list[ChoicePart]
    rows: list[RowPart]


class RankingPart(QuestionPart):
    choices: list[ChoicePart]
    weights: Annotated[list[Positive], AfterValidator(falling)]


class UnknownPart(QuestionPart):
    """Of an unknown kind nothing but the common keys is read, so that the kind is the one error shown."""

    model_config = ConfigDict(extra="ignore")


KINDS: dict[str, type[QuestionPart]] = {
    "single": SinglePart,
    "multiple": MultiplePart,
    "text": QuestionPart,
    "number": NumberPart,
    "matrix": MatrixPart,
    "ranking": RankingPart,
}
# ``points`` belongs to choices and bands; it is known here only to say so.
OWN_KEYS = {key for part in KINDS.values() for key in part.model_fields} - {*QuestionPart.model_fields} | {"points"}
POINT_KEYS = frozenset({"points", "bands", "max_points"})


# What a question needs to be named in conditions, and words for what it needs besides.
NAMED = frozenset({"code", "type", "when"} | OWN_KEYS)
HARMLESS = {"key": "x", "wording": "x", "short": "x"}


class SectionPart(FilePart):
    code: Annotated[Text, Field(max_length=50, pattern=CODE)]
    kind: Literal["step", "support", "focus", "profile"]
    title: Annotated[Text, Field(max_length=100)]
    step: Count | None = None
    worth: Count = 0
    description: Text = ""
    questions: list[Any]


class ContradictionPart(FilePart):
    code: Annotated[Text, Field(max_length=50, pattern=CODE)]
    when: ConditionPart
    message: Text


class HeadPart(FilePart):
    code: Annotated[Text, Field(max_length=50, pattern=CODE)]
    version: Annotated[Text, Field(max_length=20)]
    fiscal_year: Annotated[int, Field(ge=2000)]
    title: Annotated[Text, Field(max_length=200)]
    source_note: Text | None = None


class QuestionnairePart(HeadPart):
    sections: list[Any]
    contradictions: list[Any] = []


class RepeatPart(HeadPart):
    """A version with its own head and another file's questions."""

    same_as: Text


def parse(
    text: str, areas: Collection[str] | None = None, read: Callable[[str], str] | None = None
) -> QuestionnaireSpec:
    """The questionnaire that the text describes; raises InvalidFileError with all its errors.

    ``areas``: the known Area codes (not checked when None). ``read``: gives the text of the file that ``same_as``
    names, for a version that repeats another's questions.
    """
    file = YamlFile(text)
    if _repeats(file):
        return _parse_repeat(file, areas, read)
    head = file.part(QuestionnairePart.model_validate)
    draft = Draft(file)
    for place in file.places("sections"):
        section = None
        if part := file.part(SectionPart.model_validate, place):
            section = SectionSpec(**part.model_dump(exclude={"questions"}))
            draft.sections.append((section, place))
        for child in file.places(*place, "questions"):
            _read_question(draft, child, section)
    for place in file.places("contradictions"):
        if rule := file.part(ContradictionPart.model_validate, place):
            spec = ContradictionSpec(rule.code, rule.when.spec(), rule.message)
            draft.contradictions.append((spec, place))
    check_questionnaire(draft, areas)
    if not draft.questions and not file.errors:
        file.fail((), "empty", "設問が一つもありません。")
    if head is None or file.errors:
        raise file.invalid
    return QuestionnaireSpec(
        **_head(head),
        sections=tuple(section for section, _ in draft.sections),
        questions=tuple(question for question, _ in draft.questions),
        contradictions=tuple(rule for rule, _ in draft.contradictions),
    )


def _repeats(file: YamlFile) -> bool:
    return isinstance(file.value, dict) and "same_as" in file.value


def _parse_repeat(
    file: YamlFile, areas: Collection[str] | None, read: Callable[[str], str] | None
) -> QuestionnaireSpec:
    head = file.part(RepeatPart.model_validate)
    if head is None or file.errors:
        raise file.invalid
    try:
        base = read(head.same_as) if read else None
    except OSError:
        base = None
    if base is None or _repeats(YamlFile(base)):
        message = f"「{head.same_as}」を設問の元にできません（ファイルがないか、別の写しです）。"
        file.fail(("same_as",), "bad_same_as", message)
        raise file.invalid
    spec = parse(base, areas)
    return replace(spec, **_head(head) | ({"source_note": spec.source_note} if head.source_note is None else {}))


def _head(head: HeadPart) -> dict[str, Any]:
    values = {name: getattr(head, name) for name in HeadPart.model_fields}
    return values | {"source_note": head.source_note or ""}


def _read_question(draft: Draft, place: Place, section: SectionSpec | None) -> None:
    """Adds the question; of one with mistakes what conditions need, where at least that can be read."""
    value = draft.file.at(place) if isinstance(draft.file.at(place), dict) else {}
    kind = str(value.get("type"))
    model = KINDS.get(kind, UnknownPart)
    for key in OWN_KEYS - {*model.model_fields} & {*value} if kind in KINDS else ():
        draft.file.fail((*place, key), *_wrong_key(kind, key, value[key]))
    part = draft.file.part(model.model_validate, place)
    if part is None:
        draft.rough.add(place)
        try:
            part = model.model_validate(HARMLESS | {key: value[key] for key in NAMED & {*value}})
        except ValidationError:
            draft.unread.add(str(value.get("code")))
            return
    question = part.spec(section.code if section else "")
    if section and place not in draft.rough:
        question = with_points(draft.file, place, question, section)
    draft.questions.append((question, place))


def _wrong_key(kind: str, key: str, value: Any) -> tuple[str, str]:
    """What to say of a key that belongs to questions of another kind."""
    rows = value if isinstance(value, list) else []
    if kind == "text" and (key in POINT_KEYS or any(isinstance(row, dict) and "points" in row for row in rows)):
        return "points_on_text", "記述（text）の設問に点は付けられません。"
    return "wrong_key", f"{kind}の設問に「{key}」は書けません。"
