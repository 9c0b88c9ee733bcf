"""Saving answers: one question at a time while typing, or a page at once. Only what differs is written."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.domain.answering import moves
from assessments.domain.questionnaires.answers import EMPTY, NOTE_LIMIT, TEXT_LIMIT, AnswerProblem, AnswerValue, check
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec, leaves
from assessments.domain.questionnaires.stored import (
    ANSWER_COLUMNS,
    StoredQuestionnaire,
    columns_of,
    stored_questionnaire,
    value_from,
)
from assessments.domain.surveys.due import why_closed
from assessments.domain.surveys.progress import Progress, progress
from assessments.enums import ResponseState
from assessments.models import Answer, Response
from dxportal.core.accounts.models import User
from dxportal.core.unseen import unseen
from dxportal.core.workflow.errors import NotPossible

CHANGE_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What somebody wants to save for a question, having seen ``revision`` (0: no answer yet).

    ``problems``: why the typed text could not be read as a value.
    """

    question: str
    value: AnswerValue = EMPTY
    note: str = ""
    revision: int = 0
    problems: tuple[AnswerProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What the response holds for a question. ``by`` is a person's name; ``revision`` 0 means nothing yet."""

    value: AnswerValue = EMPTY
    note: str = ""
    revision: int = 0
    at: dt.datetime | None = None
    by: str = ""
    on_behalf: bool = False

    def says(self, draft: AnswerDraft) -> bool:
        return not draft.problems and self.note == draft.note and columns_of(self.value) == columns_of(draft.value)


@dataclass(slots=True)
class SaveOutcome:
    """What became of the drafts, by question: stored (or already so), refused, or overtaken by somebody else."""

    response: Response
    stored: dict[str, StoredAnswer] = field(default_factory=dict)
    problems: dict[str, list[AnswerProblem]] = field(default_factory=dict)
    conflicts: dict[str, StoredAnswer] = field(default_factory=dict)
    progress: Progress | None = None

    @property
    def clean(self) -> bool:
        return not self.problems and not self.conflicts


def save(
    response_id: int, read: Callable[[QuestionnaireSpec], Iterable[AnswerDraft]], *, user, only_shown: bool = False
) -> SaveOutcome:
    """Saves the drafts that differ from what is stored; one draft's trouble doesn't hold up the others.

    ``read`` makes the drafts once the questionnaire is known: a save costs no query before the lock.

    The response's row stays locked meanwhile, so a submission can't slip in between, and counts are never lost.
    ``only_shown`` refuses questions that the conditions hide (a single save); a whole page may carry them, so that
    nothing typed is lost. Raises PermissionDenied, NotPossible (the response takes no answers from this person now).
    """
    with transaction.atomic():
        # Response, survey and right in one query. The lock lets foreign keys pass (unlike that of a move): saving is
        # frequent, and answers point at this row.
        mine = Response.objects.editable_by(user).filter(pk=response_id).select_related("survey", "organization")
        response = mine.select_for_update(of=("self",), no_key=True).first()
        if response is None:
            raise PermissionDenied
        if reason := why_closed(response, user):
            raise NotPossible(reason, code="closed")
        questionnaire = stored_questionnaire(response.survey.questionnaire_id)
        writer = _Writer(response, questionnaire, stored_of(response, questionnaire), user)
        shown = writer.progress().shown if only_shown else frozenset(questionnaire.ids)
        for draft in read(questionnaire.spec):
            writer.save(draft, shown)
        return writer.finish()


def stored_of(response: Response, questionnaire: StoredQuestionnaire) -> dict[str, StoredAnswer]:
    """Everything that the response holds, by question, in one query."""
    rows = Answer.objects.filter(response=response.pk).values_list(
        *ANSWER_COLUMNS, "note", "revision", "updated_at", "updated_by__name", "on_behalf"
    )
    return {
        questionnaire.codes[question]: StoredAnswer(
            value_from(choices, text, number, cells), note, revision, at, by or "", behalf
        )
        for question, choices, text, number, cells, note, revision, at, by, behalf in rows
    }


def open_questions(response: Response, spec: QuestionnaireSpec) -> frozenset[str]:
    """The questions that take answers: all, or after a return to named ones those and what depends on them."""
    if not response.reopened_questions:
        return frozenset(question.code for question in spec.questions)
    opened = set(response.reopened_questions)
    for question in spec.questions:  # conditions look back only, so one pass follows a chain to its end
        if question.condition and any(leaf.question in opened for leaf in leaves(question.condition)):
            opened.add(question.code)
    return frozenset(opened)


class _Writer:
    """One locked response while drafts go in."""

    def __init__(
        self, response: Response, questionnaire: StoredQuestionnaire, stored: dict[str, StoredAnswer], user: User
    ) -> None:
        self.response = response
        self.questionnaire = questionnaire
        self.stored = stored
        self.user = user
        self.outcome = SaveOutcome(response)
        self.opened = open_questions(response, questionnaire.spec)
        self.changed = False

    def save(self, draft: AnswerDraft, shown: frozenset[str]) -> None:
        code = draft.question
        now = self.stored.get(code, StoredAnswer())
        problems = self._refusals(code, shown) or _problems(self.questionnaire.spec.question(code), draft)
        # Asked first: what is stored already is refused nobody, so the same save sent twice is no conflict with itself.
        if code in self.questionnaire.ids and now.says(draft):
            self.outcome.stored[code] = now
        elif problems:
            self.outcome.problems[code] = problems
        elif draft.revision != now.revision:
            self.outcome.conflicts[code] = now
        else:
            self.outcome.stored[code] = self.stored[code] = self._write(draft)

    def progress(self) -> Progress:
        return progress(self.questionnaire.spec, {code: stored.value for code, stored in self.stored.items()})

    def finish(self) -> SaveOutcome:
        """Brings the response's own row up to date, if anything about it changed, and gives the account."""
        counts = self.outcome.progress = self.progress()
        # A page saved as it was must not begin a response nor count as its last change.
        if not self.changed:
            return self.outcome
        response = self.response
        if response.state == ResponseState.NOT_STARTED:
            moves.start(response, user=self.user)
        now = timezone.now()
        own = response.changed_by_id == self.user.pk
        recent = own and response.changed_at is not None and now - response.changed_at < CHANGE_EVERY
        # 「最終更新」 is kept to the minute, so that most saves leave this row alone.
        if not recent or (response.answered, response.required) != (counts.answered, counts.required):
            response.answered = counts.answered
            response.required = counts.required
            response.changed_at = now
            response.changed_by_id = self.user.pk
            response.save(update_fields=["answered", "required", "changed_at", "changed_by"])
        return self.outcome

    def _refusals(self, code: str, shown: frozenset[str]) -> list[AnswerProblem]:
        if code not in self.questionnaire.ids:
            return [AnswerProblem("unknown_question", "この調査にない設問です。画面を読み込み直してください。")]
        if code not in self.opened:
            return [AnswerProblem("not_reopened", "差戻しの対象ではない設問のため、変更できません。")]
        if code not in shown:
            return [AnswerProblem("hidden", "ほかの設問への回答により、この設問は回答の対象外です。")]
        return []

    def _write(self, draft: AnswerDraft) -> StoredAnswer:
        """The revision in the WHERE clause is the last guard, should somebody write past the lock."""
        now = timezone.now()
        on_behalf = self.user.is_prefecture_staff
        key = {"response_id": self.response.pk, "question_id": self.questionnaire.ids[draft.question]}
        columns = {
            **columns_of(draft.value),
            "note": draft.note,
            "revision": draft.revision + 1,
            "updated_at": now,
            "updated_by_id": self.user.pk,
            "on_behalf": on_behalf,
        }
        if draft.revision == 0:
            # There is no revision to name yet: the constraint on response and question takes its place as the guard.
            Answer.objects.create(**key, **columns)
        elif not Answer.objects.filter(**key, revision=draft.revision).update(**columns):
            raise RuntimeError("An answer changed under the lock of its response.")
        self.changed = True
        return StoredAnswer(draft.value, draft.note, draft.revision + 1, now, self.user.name, on_behalf)


def _problems(question: QuestionSpec, draft: AnswerDraft) -> list[AnswerProblem]:
    problems = [*draft.problems, *check(question, draft.value)]
    if question.kind == QuestionKind.TEXT:
        problems += _too_long(draft.value.text, TEXT_LIMIT, "")
    number = draft.value.number
    # What the column can hold: 12 digits before and 2 after the point.
    if number is not None and number.is_finite():
        if number != round(number, 2):
            problems.append(AnswerProblem("too_fine", "小数点以下は2桁までで入力してください。"))
        if abs(number) >= 10**12:
            problems.append(AnswerProblem("too_big", "12桁までの数で入力してください。"))
    if sentence := unseen(draft.note):
        problems.append(AnswerProblem("bad_character", f"回答メモの{sentence}"))
    return [*problems, *_too_long(draft.note, NOTE_LIMIT, "回答メモは")]


def _too_long(text: str, limit: int, what: str) -> Iterable[AnswerProblem]:
    if (over := len(text) - limit) > 0:
        counts = f"（現在{len(text):,}文字、{over:,}文字超過）"
        yield AnswerProblem("too_long", f"{what}{limit:,}文字以内で入力してください{counts}。")
