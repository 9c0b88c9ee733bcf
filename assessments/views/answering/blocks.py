"""What the answer page shows of one question: its controls' state, last time's answer, trouble with the input."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from assessments.domain.answering.previous import Previous, PreviousAnswer
from assessments.domain.answering.write import SaveOutcome, StoredAnswer
from assessments.domain.questionnaires.answers import AnswerProblem, AnswerValue, is_answered
from assessments.domain.questionnaires.serial import condition_to_data
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.wording import answer_lines, condition_text
from assessments.forms.answering import PostedAnswer, fields


@dataclass
class QuestionBlock:
    """``stored`` is what the response holds, ``value`` and ``note`` what the controls show (typed, after trouble)."""

    spec: QuestionnaireSpec
    question: QuestionSpec
    stored: StoredAnswer
    value: AnswerValue
    note: str
    typed: str
    editable: bool
    shown: bool = True
    returned: bool = False
    previous: PreviousAnswer | None = None
    previous_label: str = ""
    inherited: list[tuple[str, PreviousAnswer | None]] = field(default_factory=list)
    problems: list[AnswerProblem] = field(default_factory=list)
    theirs: StoredAnswer | None = None
    keep: str = ""

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def revision(self) -> int:
        return self.theirs.revision if self.theirs else self.stored.revision

    @cached_property
    def answered(self) -> bool:
        return is_answered(self.question, self.value)

    @cached_property
    def condition(self) -> str:
        return condition_text(self.spec, self.question.condition) if self.question.condition else ""

    @cached_property
    def rule(self) -> str:
        """The condition for the script that shows and hides at once."""
        return json.dumps(condition_to_data(self.question.condition)) if self.question.condition else ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return answer_lines(self.question, self.stored.value)

    @cached_property
    def unsaved_lines(self) -> tuple[str, ...]:
        """What was typed and could not be taken, to read and copy."""
        if self.typed:
            return (self.typed,)
        return answer_lines(self.question, self.value) if self.value != self.stored.value else ()

    @property
    def unsaved_note(self) -> str:
        return self.note if self.note != self.stored.note else ""

    @cached_property
    def their_lines(self) -> tuple[str, ...]:
        return answer_lines(self.question, self.theirs.value) if self.theirs else ()

    @property
    def their_time(self) -> str:
        return clock(self.theirs.at) if self.theirs else ""

    @cached_property
    def copy(self) -> str:
        """Last time's answer as the controls' names and texts; "" where it can't be given again as it is."""
        if not self.previous or self.previous.value is None or not self.editable:
            return ""
        return json.dumps(list(fields(self.question, self.previous.value)), ensure_ascii=False)

    @property
    def saved_line(self) -> str:
        """Who saved it when; "" while nothing is."""
        if not self.stored.at:
            return ""
        who = f"{self.stored.by}さんが" if self.stored.by else ""
        return f"{moment(self.stored.at)}に{who}保存{'（代行）' if self.stored.on_behalf else ''}"

    @property
    def matrix(self) -> list[tuple[str, str, str]]:
        """A matrix row by row: what is asked, the stored answer, last time's."""
        given = dict(self.stored.value.rows)
        choices = {choice.code: choice.label for choice in self.question.choices}
        before = self.previous.cells if self.previous else {}
        return [
            (row.label, choices.get(given.get(row.code, ""), ""), before.get(row.code, ""))
            for row in self.question.rows
        ]

    @property
    def previous_in_table(self) -> bool:
        """A matrix to fill in carries last time's answers row by row."""
        return self.editable and self.question.kind == QuestionKind.MATRIX

    @property
    def shows_previous(self) -> bool:
        """Also what the municipalities before it answered, which stands there whatever the kind of the question."""
        return self.shows_own or bool(self.inherited)

    @property
    def shows_own(self) -> bool:
        """Beside the answer; of a matrix to fill in only the note and why it isn't taken over."""
        if self.previous_in_table:
            return bool(self.previous and (self.previous.note or self.previous.why))
        return bool(self.previous_label)


@dataclass(frozen=True, slots=True)
class QuestionBlocks:
    """All that the blocks of one section are made of."""

    spec: QuestionnaireSpec
    stored: Mapping[str, StoredAnswer]
    shown: frozenset[str]
    opened: frozenset[str]
    returned: frozenset[str]
    editable: bool
    previous: Previous | None = None
    inherited: tuple[Previous, ...] = ()

    def of(
        self,
        questions: Iterable[QuestionSpec],
        posted: Mapping[str, PostedAnswer] | None = None,
        outcome: SaveOutcome | None = None,
    ) -> list[QuestionBlock]:
        return [self.block(question, (posted or {}).get(question.code), outcome) for question in questions]

    def block(
        self, question: QuestionSpec, posted: PostedAnswer | None = None, outcome: SaveOutcome | None = None
    ) -> QuestionBlock:
        code = question.code
        stored = self.stored.get(code, StoredAnswer())
        troubled = posted is not None and (outcome is None or code in outcome.problems or code in outcome.conflicts)
        shown_answer = posted.draft if troubled else stored
        value = shown_answer.value
        return QuestionBlock(
            spec=self.spec,
            question=question,
            stored=stored,
            value=value,
            note=shown_answer.note,
            typed=posted.typed if troubled else self.number_text(question, value),
            editable=self.editable and code in self.opened,
            shown=code in self.shown,
            returned=code in self.returned,
            previous=self.previous.by_code.get(code) if self.previous else None,
            previous_label=self.previous.label if self.previous else "",
            inherited=[(before.label, before.by_code.get(code)) for before in self.inherited],
            problems=outcome.problems.get(code, []) if outcome else [],
            theirs=outcome.conflicts.get(code) if outcome else None,
            keep=posted.keep if posted else "",
        )

    @staticmethod
    def number_text(question: QuestionSpec, value: AnswerValue) -> str:
        """What the number's control holds: plain digits, as they can be typed again."""
        return next((text for _, text in fields(question, value)), "") if question.kind == QuestionKind.NUMBER else ""


def clock(moment: dt.datetime) -> str:
    """「14時32分」."""
    local = timezone.localtime(moment)
    return f"{local.hour}時{local.minute:02d}分"


def moment(value: dt.datetime) -> str:
    """「14時32分」 today, else 「11月20日 14時32分」."""
    local = timezone.localtime(value)
    return clock(value) if local.date() == timezone.localdate() else f"{local.month}月{local.day}日 {clock(value)}"
