"""From checked files to rows: questionnaires and schemes are made once, and published ones never change."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from assessments.domain.questionnaires.serial import bands_to_data, condition_to_data, contradictions_to_data, digest
from assessments.domain.questionnaires.spec import QuestionnaireSpec, QuestionSpec
from assessments.enums import QuestionnaireStatus
from assessments.models import Choice, MatrixRow, Question, Questionnaire, Section
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.errors import NotPossible

CREATED = "created"


REPLACED = "replaced"


UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class LoadedQuestionnaire:
    """``outcome``: created, replaced (a draft) or unchanged."""

    questionnaire: Questionnaire
    outcome: str


@transaction.atomic
def load_questionnaire(spec: QuestionnaireSpec, *, publish: bool = False) -> LoadedQuestionnaire:
    """Store the questionnaire. The same content is left alone; a draft is replaced; a published version that differs
    is NotPossible. Areas must be there: Area.DoesNotExist otherwise."""
    content = digest(spec)
    # Locked, so that two loads of one draft replace it one after the other and not into each other.
    row = Questionnaire.objects.select_for_update().filter(code=spec.code, version=spec.version).first()
    if row is None:
        row = _create(spec, content)
        outcome = CREATED
    elif row.digest == content:
        outcome = UNCHANGED
    elif row.status == QuestionnaireStatus.PUBLISHED:
        raise NotPossible(
            f"調査票 {spec.code} の版 {spec.version} は確定版で、変えられません。"
            "内容を改めるときは version を上げてください。"
        )
    else:
        row = _replace(row, spec, content)
        outcome = REPLACED
    if publish and row.status != QuestionnaireStatus.PUBLISHED:
        row.status = QuestionnaireStatus.PUBLISHED
        row.save(update_fields=["status"])
    return LoadedQuestionnaire(row, outcome)


def _create(spec: QuestionnaireSpec, content: str) -> Questionnaire:
    try:
        # Where there is no row yet, the lock above held nothing: the constraint decides between two at once.
        with transaction.atomic():
            row = Questionnaire.objects.create(code=spec.code, version=spec.version, **_head(spec, content))
    except IntegrityError as error:
        raise NotPossible(f"調査票 {spec.code} の版 {spec.version} は、いま別の処理が登録しています。") from error
    _write_content(row, spec)
    return row


def _replace(row: Questionnaire, spec: QuestionnaireSpec, content: str) -> Questionnaire:
    for name, value in _head(spec, content).items():
        setattr(row, name, value)
    row.save()
    try:
        # Questions go with their sections, but answers protect their question: an answered draft is refused here.
        row.sections.all().delete()
    except ProtectedError as error:
        raise NotPossible(
            f"調査票 {spec.code} の版 {spec.version} にはもう回答があり、変えられません。version を上げてください。"
        ) from error
    _write_content(row, spec)
    return row


def _head(spec: QuestionnaireSpec, content: str) -> dict:
    return {
        "fiscal_year": spec.fiscal_year,
        "title": spec.title,
        "digest": content,
        "contradictions": contradictions_to_data(spec.contradictions),
        "source_note": spec.source_note,
    }


def _write_content(row: Questionnaire, spec: QuestionnaireSpec) -> None:
    sections = Section.objects.bulk_create(
        Section(
            questionnaire=row,
            code=section.code,
            kind=section.kind,
            step=section.step,
            title=section.title,
            description=section.description,
            worth=section.worth,
            position=position,
        )
        for position, section in enumerate(spec.sections, 1)
    )
    ids = {section.code: section.pk for section in sections}
    areas = dict(Area.objects.values_list("code", "pk"))
    if unknown := {question.area for question in spec.questions if question.area} - areas.keys():
        raise Area.DoesNotExist(f"分野「{'、'.join(sorted(unknown))}」は登録されていません。")
    questions = Question.objects.bulk_create(
        _question(row, ids[question.section], areas.get(question.area), question, position)
        for position, question in enumerate(spec.questions, 1)
    )
    pairs = list(zip(questions, spec.questions, strict=True))
    Choice.objects.bulk_create(
        Choice(
            question=question,
            code=choice.code,
            label=choice.label,
            points=choice.points,
            exclusive=choice.exclusive,
            position=position,
        )
        for question, content in pairs
        for position, choice in enumerate(content.choices, 1)
    )
    MatrixRow.objects.bulk_create(
        MatrixRow(question=question, code=line.code, label=line.label, position=position)
        for question, content in pairs
        for position, line in enumerate(content.rows, 1)
    )


def _question(row: Questionnaire, section: int, area: int | None, spec: QuestionSpec, position: int) -> Question:
    return Question(
        questionnaire=row,
        section_id=section,
        area_id=area,
        code=spec.code,
        key=spec.key,
        kind=spec.kind.value,
        wording=spec.wording,
        short=spec.short,
        help=spec.help,
        required=spec.required,
        condition=condition_to_data(spec.condition),
        unit=spec.unit,
        minimum=spec.minimum,
        maximum=spec.maximum,
        bands=bands_to_data(spec.bands),
        weights=list(spec.weights),
        max_points=spec.max_points,
        position=position,
    )
