"""Reads what the answer page posts: one question's controls to a draft, with the problems of what can't be read.

Names of the controls of question "3-1": ``q:3-1`` (choice, text, number), ``q:3-1:<row>`` (matrix),
``q:3-1:1``, ``q:3-1:2`` … (ranks), ``n:3-1`` (note), ``r:3-1`` (revision seen); where a conflict was offered
``c:3-1`` and its answer ``k:3-1`` (mine | theirs).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from assessments.domain.answering.answering import Draft
from assessments.domain.questionnaires.answers import AnswerValue, Problem
from assessments.domain.questionnaires.spec import Kind, QuestionSpec
from dxportal.core.ui.japanese import InputError, parse_number

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Reading:
    """``typed``: the text of a number control as it was typed; ``keep``: the answer to an offered conflict."""

    draft: Draft
    typed: str = ""
    keep: str = ""


def is_posted(data: QueryDict, code: str) -> bool:
    """Every question block posts its revision, whatever its controls say."""
    return f"r:{code}" in data


def read(question: QuestionSpec, data: QueryDict) -> Reading:
    """A conflict that was offered and not decided is offered again: no stored revision is -1."""
    code, keep = question.code, data.get(f"k:{question.code}", "")
    problems: tuple[Problem, ...] = ()
    value = AnswerValue()
    try:
        value = _READERS[question.kind](question, data)
    except InputError as error:
        problems = (Problem("not_a_number", str(error)),)
    undecided = f"c:{code}" in data and keep not in (MINE, THEIRS)
    revision = -1 if undecided else _revision(data.get(f"r:{code}", ""))
    typed = data.get(f"q:{code}", "").strip() if question.kind == Kind.NUMBER else ""
    return Reading(Draft(code, value, plain(data.get(f"n:{code}", "")), revision, problems), typed, keep)


def _revision(seen: str) -> int:
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def plain(text: str) -> str:
    """As typed, but for the ends and the line ends: free text is never normalised further."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fields(question: QuestionSpec, value: AnswerValue) -> Iterable[tuple[str, str]]:
    """The reverse of ``read``: the controls' names and texts for a value, as the page would post them."""
    name = f"q:{question.code}"
    if question.kind == Kind.TEXT:
        return [(name, value.text)]
    if question.kind == Kind.NUMBER:
        return [(name, "" if value.number is None else f"{value.number.normalize():f}")]
    if question.kind == Kind.MATRIX:
        return [(f"{name}:{row}", choice) for row, choice in value.rows]
    if question.kind == Kind.RANKING:
        return [(f"{name}:{rank}", choice) for rank, choice in enumerate(value.choices, 1)]
    return [(name, choice) for choice in value.choices]


def _choices(question: QuestionSpec, data: QueryDict) -> AnswerValue:
    return AnswerValue(choices=tuple(filter(None, data.getlist(f"q:{question.code}"))))


def _ranking(question: QuestionSpec, data: QueryDict) -> AnswerValue:
    ranks = (data.get(f"q:{question.code}:{rank}", "") for rank in range(1, len(question.weights) + 1))
    return AnswerValue(choices=tuple(filter(None, ranks)))


def _text(question: QuestionSpec, data: QueryDict) -> AnswerValue:
    return AnswerValue(text=plain(data.get(f"q:{question.code}", "")))


def _number(question: QuestionSpec, data: QueryDict) -> AnswerValue:
    typed = data.get(f"q:{question.code}", "").strip()
    return AnswerValue(number=parse_number(typed, question.unit) if typed else None)


def _matrix(question: QuestionSpec, data: QueryDict) -> AnswerValue:
    given = ((row.code, data.get(f"q:{question.code}:{row.code}", "")) for row in question.rows)
    return AnswerValue(rows=tuple((row, choice) for row, choice in given if choice))


_READERS = {
    Kind.SINGLE: _choices,
    Kind.MULTIPLE: _choices,
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MATRIX: _matrix,
    Kind.RANKING: _ranking,
}
