"""What a questionnaire is, as plain frozen values: no ORM, no clock, no settings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class QuestionKind(StrEnum):
    """How a question is answered; the values are those of ``enums.QUESTION_KINDS``."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    NUMBER = "number"
    MATRIX = "matrix"
    RANKING = "ranking"


CONDITION_KINDS = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANKING})


@dataclass(frozen=True, slots=True)
class Leaf:
    """Holds when the answer to ``question`` contains at least one of the choices."""

    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    items: tuple["Condition", ...]


Condition = Leaf | AllOf | AnyOf


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf of a condition tree, left to right."""
    if isinstance(condition, Leaf):
        yield condition
        return
    for item in condition.items:
        yield from leaves(item)


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """``points`` is None where the question is not scored; an ``exclusive`` choice stands alone."""

    code: str
    label: str
    points: int | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class RowSpec:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class BandSpec:
    """A number of at least ``minimum`` earns ``points`` (the highest band reached counts)."""

    minimum: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """One question. ``max_points`` is what a full answer earns: 0 for an unscored question."""

    code: str
    key: str
    kind: QuestionKind
    section: str
    wording: str = ""
    short: str = ""
    help: str = ""
    area: str = ""
    required: bool = True
    condition: Condition | None = None
    choices: tuple[ChoiceSpec, ...] = ()
    rows: tuple[RowSpec, ...] = ()
    weights: tuple[int, ...] = ()
    bands: tuple[BandSpec, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str = ""
    max_points: int = 0
    _choices: dict[str, ChoiceSpec] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_choices", {choice.code: choice for choice in self.choices})

    def choice(self, code: str) -> ChoiceSpec | None:
        return self._choices.get(code)

    @property
    def scored(self) -> bool:
        return self.max_points > 0


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A page of questions. ``worth`` is what a full score counts in the total; 0 means unscored."""

    code: str
    kind: str
    title: str
    step: int | None = None
    worth: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class ContradictionSpec:
    """Answers that cannot both be right: shown as a warning while ``when`` holds."""

    code: str
    when: Condition
    message: str

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(leaf.question for leaf in leaves(self.when)))


@dataclass(frozen=True, slots=True)
class QuestionnaireSpec:
    """One version of an instrument; sections and questions in the order in which they are asked."""

    code: str
    version: str
    fiscal_year: int
    title: str
    sections: tuple[SectionSpec, ...]
    questions: tuple[QuestionSpec, ...]
    contradictions: tuple[ContradictionSpec, ...] = ()
    source_note: str = ""
    _questions: dict[str, QuestionSpec] = field(init=False, repr=False, compare=False)
    _by_section: dict[str, tuple[QuestionSpec, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_questions", {question.code: question for question in self.questions})
        grouped = {
            section.code: tuple(question for question in self.questions if question.section == section.code)
            for section in self.sections
        }
        object.__setattr__(self, "_by_section", grouped)

    def question(self, code: str) -> QuestionSpec:
        """The question of this code; KeyError when there is none."""
        return self._questions[code]

    def has(self, code: str) -> bool:
        return code in self._questions

    def in_section(self, section: str) -> tuple[QuestionSpec, ...]:
        return self._by_section[section]

    def possible(self, section: str) -> int:
        """The points that a full answer of the section earns, hidden questions included."""
        return sum(question.max_points for question in self._by_section[section])
