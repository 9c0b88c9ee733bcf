"""The bridge from rows to plain values: a questionnaire's spec with its row ids, and the answers of a response."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.serial import bands_from_data, condition_from_data, contradictions_from_data
from assessments.domain.questionnaires.spec import (
    ChoiceSpec,
    QuestionKind,
    QuestionnaireSpec,
    QuestionSpec,
    RowSpec,
    SectionSpec,
)
from assessments.models import Answer, Question, Questionnaire, Response

ANSWER_COLUMNS = ("question_id", "choices", "text", "number", "rows")


@dataclass(frozen=True, slots=True)
class StoredQuestionnaire:
    """A questionnaire with the row id of each question."""

    spec: QuestionnaireSpec
    ids: Mapping[str, int]
    codes: Mapping[int, str]


@lru_cache(maxsize=64)
def stored_questionnaire(questionnaire_id: int) -> StoredQuestionnaire:
    """Kept in the process: a survey only ever uses a published questionnaire, and that never changes."""
    row = Questionnaire.objects.get(pk=questionnaire_id)
    questions = list(
        row.questions.select_related("section", "area").prefetch_related("choices", "matrix_rows").order_by("position")
    )
    spec = QuestionnaireSpec(
        code=row.code,
        version=row.version,
        fiscal_year=row.fiscal_year,
        title=row.title,
        sections=tuple(
            SectionSpec(section.code, section.kind, section.title, section.step, section.worth, section.description)
            for section in row.sections.order_by("position")
        ),
        questions=tuple(map(_question, questions)),
        contradictions=contradictions_from_data(row.contradictions),
        source_note=row.source_note,
    )
    ids = {question.code: question.pk for question in questions}
    return StoredQuestionnaire(spec, ids, {pk: code for code, pk in ids.items()})


def answers_of(response: Response, questionnaire: StoredQuestionnaire) -> dict[str, AnswerValue]:
    """All answers of the response by question code, in one query."""
    rows = Answer.objects.filter(response=response.pk).values_list(*ANSWER_COLUMNS)
    return {questionnaire.codes[question_id]: value_from(*columns) for question_id, *columns in rows}


def value_from(choices: Iterable[str], text: str, number, rows: Mapping[str, str]) -> AnswerValue:
    """An answer's stored columns as a plain value."""
    return AnswerValue(tuple(choices), text, number, tuple(rows.items()))


def columns_of(value: AnswerValue) -> dict[str, object]:
    """A plain value as an answer's columns."""
    return {"choices": list(value.choices), "text": value.text, "number": value.number, "rows": dict(value.rows)}


def _question(row: Question) -> QuestionSpec:
    return QuestionSpec(
        code=row.code,
        key=row.key,
        kind=QuestionKind(row.kind),
        section=row.section.code,
        wording=row.wording,
        short=row.short,
        help=row.help,
        area=row.area.name if row.area else "",
        required=row.required,
        condition=condition_from_data(row.condition),
        choices=tuple(ChoiceSpec(item.code, item.label, item.points, item.exclusive) for item in row.choices.all()),
        rows=tuple(RowSpec(item.code, item.label) for item in row.matrix_rows.all()),
        weights=tuple(row.weights),
        bands=bands_from_data(row.bands),
        minimum=_bound(row.minimum),
        maximum=_bound(row.maximum),
        unit=row.unit,
        max_points=row.max_points,
    )


def _bound(number: Decimal | None) -> Decimal | None:
    """Without the column's idle zeros, which would show in messages."""
    return None if number is None else number.normalize()
