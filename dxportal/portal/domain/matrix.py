"""The comparison matrix of a survey: municipalities × questions, the answers as text; a row a municipality. Pure."""

from dataclasses import dataclass

from assessments.domain.questionnaires.answers import EMPTY, chosen_rows
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.scores.results import Respondent
from dxportal.core.organizations.then import placed
from dxportal.portal.domain.questions import PERSONAL
from dxportal.portal.domain.snapshots.facts import SurveyFacts, Town
from dxportal.portal.domain.surveys import SurveyHead
from dxportal.portal.domain.values import Figures

DETAIL = ("_detail", "_text")
HIDDEN, UNANSWERED = "hidden", "unanswered"


@dataclass(frozen=True, slots=True)
class MatrixSection:
    """``personal``: asked of the person who answers."""

    code: str
    title: str
    personal: bool


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A question; ``rows``: the labels of its rows where it is a table of its own."""

    code: str
    short: str
    section: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixHead(Figures):
    survey: SurveyHead
    members: int
    handed_in: int
    sections: tuple[MatrixSection, ...]
    columns: tuple[MatrixColumn, ...]


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer as people read it. ``state``: "" for an answer, else "hidden" (not asked) or "unanswered".

    ``lines``: one a choice; ``rows``: of a table, each row with its choice, "" where it is left open.
    """

    state: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    detail: str = ""

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows of a table took each choice, in the order in which the choices first come."""
        marks = [mark for _, mark in self.rows]
        return [(mark, marks.count(mark)) for mark in dict.fromkeys(marks)]

    @property
    def all_lines(self) -> list[str]:
        """Of a table its answered rows, else the lines."""
        return [f"{label}：{mark}" for label, mark in self.rows if mark] if self.rows else list(self.lines)


@dataclass(frozen=True, slots=True)
class MatrixTown(Figures):
    """A municipality's answers in the order of the columns; ``order``: its place among the municipalities."""

    id: int
    order: int
    name: str
    code: str
    bureau_id: int
    prefecture_id: int
    cells: tuple[AnswerText, ...]
    now: str = ""
    code_now: str = ""

    @property
    def shown(self) -> str:
        return placed(self.name, self.now)


def answer_text(question: QuestionSpec, respondent: Respondent) -> AnswerText:
    if question.code not in respondent.shown:
        return AnswerText(HIDDEN)
    value = respondent.answers.get(question.code, EMPTY)
    lines = answer_lines(question, value)
    if not lines:
        return AnswerText(UNANSWERED)
    if question.kind != QuestionKind.MATRIX:
        return AnswerText(lines=lines)
    marks = chosen_rows(question, value)
    labels = {choice.code: choice.label for choice in question.choices}
    return AnswerText(rows=tuple((row.label, labels.get(marks.get(row.code, ""), "")) for row in question.rows))


def matrix_of(survey: SurveyFacts, spec: QuestionnaireSpec) -> MatrixHead:
    columns = columns_of(spec)
    used = {main.section for main, _ in columns}
    return MatrixHead(
        survey=survey.head,
        members=len(survey.members),
        handed_in=len(survey.marks),
        sections=tuple(
            MatrixSection(section.code, section.title, section.kind == PERSONAL)
            for section in spec.sections
            if section.code in used
        ),
        columns=tuple(
            MatrixColumn(main.code, main.short, main.section, tuple(row.label for row in main.rows))
            for main, _ in columns
        ),
    )


def matrix_town(town: Town, respondent: Respondent, spec: QuestionnaireSpec) -> MatrixTown:
    cells = []
    for main, detail in columns_of(spec):
        text = answer_text(main, respondent)
        if detail is not None and text.state != HIDDEN:
            more = "\n".join(answer_lines(detail, respondent.answers.get(detail.code, EMPTY)))
            text = AnswerText(text.state, text.lines, text.rows, more)
        cells.append(text)
    return MatrixTown(
        town.id,
        town.order,
        town.name,
        town.code,
        town.bureau_id,
        town.prefecture_id,
        tuple(cells),
        town.now,
        town.code_now,
    )


def columns_of(spec: QuestionnaireSpec) -> list[tuple[QuestionSpec, QuestionSpec | None]]:
    """By section; a text question that details a choice (key 「…_detail」) shares the choice's column."""
    keys = {question.key for question in spec.questions if question.kind != QuestionKind.MATRIX}
    details = {
        question.key.removesuffix(ending): question
        for question in spec.questions
        for ending in DETAIL
        if question.kind == QuestionKind.TEXT
        and question.key.endswith(ending)
        and question.key.removesuffix(ending) in keys
    }
    taken = {question.code for question in details.values()}
    return [(question, details.get(question.key)) for question in spec.questions if question.code not in taken]
