"""What becomes of an earlier answer in the questionnaire of now. Pure.

The one rule for whoever takes answers over: the button beside a question, a review round, what is handed out or read in.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from assessments.domain.questionnaires.answers import (
    NOTE_LIMIT,
    TEXT_LIMIT,
    AnswerValue,
    check,
    is_answered,
)
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import ChoiceSpec, QuestionnaireSpec, QuestionSpec, RowSpec

# 令和5年度, R5.4.1, 2023年, 5年度; not 「5年以上」.
YEAR = re.compile(
    r"(?:(?:明治|大正|昭和|平成|令和)\s*(?:\d{1,2}|元)|\b[MTSHR]\s*\d{1,2}(?=[.年/])|(?:19|20)\d\d(?=\D|$)|(?:\d{1,2}|元)(?=年度))"
)


class TakeoverReason(StrEnum):
    """Why an answer stays behind; of ``WORDING`` why one that was taken over is to be looked at."""

    HIDDEN = "hidden"
    NOW_HIDDEN = "now_hidden"
    GONE = "gone"
    KIND = "kind"
    UNIT = "unit"
    ROWS = "rows"
    CHOICES = "choices"
    LIMITS = "limits"
    WORDING = "wording"

    @property
    def label(self) -> str:
        return TAKEOVER_WORDS[self]


TAKEOVER_WORDS = {
    TakeoverReason.HIDDEN: "当時は対象外の設問",
    TakeoverReason.NOW_HIDDEN: "引き継いだほかの回答では対象外の設問",
    TakeoverReason.GONE: "設問がなくなった",
    TakeoverReason.KIND: "設問の形式が変わった",
    TakeoverReason.UNIT: "単位が変わった",
    TakeoverReason.ROWS: "表の行が変わった",
    TakeoverReason.CHOICES: "選択肢の意味が変わった",
    TakeoverReason.LIMITS: "いまの範囲や選び方に合わない",
    TakeoverReason.WORDING: "設問文が変わった（引き継いだうえで要確認）",
}


@dataclass(frozen=True, slots=True)
class Takeover:
    """``value`` to give again, None where it stays behind; ``why`` is a sentence, "" where nothing is to be said."""

    value: AnswerValue | None = None
    reason: TakeoverReason | None = None
    why: str = ""


@dataclass(frozen=True)
class QuestionPair:
    """An earlier question and the one that goes by its key now; what differs is worked out once for all towns."""

    old: QuestionSpec
    question: QuestionSpec | None

    @cached_property
    def against_all(self) -> Takeover | None:
        """What keeps every answer back, whatever it says."""
        new = self.question
        if new is None:
            return Takeover(None, TakeoverReason.GONE, "この設問は、今回の調査票にありません。")
        if new.kind != self.old.kind:
            return Takeover(None, TakeoverReason.KIND, "設問の形式が変わったため、答え直してください。")
        if not _reads_same(new.unit, self.old.unit):
            units = f"「{self.old.unit or 'なし'}」から「{new.unit or 'なし'}」"
            return Takeover(None, TakeoverReason.UNIT, f"数値の単位が{units}に変わりました。")
        return None

    @cached_property
    def changed_choices(self) -> Mapping[str, str]:
        return _changed("選択肢", self.old.choices, self.question.choices if self.question else ())

    @cached_property
    def changed_rows(self) -> Mapping[str, str]:
        return _changed("行", self.old.rows, self.question.rows if self.question else ())

    @cached_property
    def reworded(self) -> Takeover:
        """What an answer that fits gets: its value, and a word where the question reads otherwise."""
        if self.question is None or _reads_same(_timeless(self.question.wording), _timeless(self.old.wording)):
            return Takeover()
        return Takeover(None, TakeoverReason.WORDING, f"設問文が変わりました（前の設問文：{self.old.wording}）。")

    def decide(self, given: AnswerValue, note: str = "", *, shown: bool = True) -> Takeover | None:
        """None where nothing was said. ``shown``: whether the earlier answers showed the question then.

        All of an answer or none of it: a choice that is left out would change what the others say.
        """
        answered = is_answered(self.old, given)
        if not answered and not note.strip():
            return None
        if not shown:
            return Takeover(None, TakeoverReason.HIDDEN, "当時のほかの回答により、対象外だった設問です。")
        return self.against_all or self._against(given, note) or self._taken(given)

    def _against(self, given: AnswerValue, note: str) -> Takeover | None:
        """What keeps this answer back."""
        choices = (*given.choices, *dict(given.rows).values())
        for reason, codes, changed in (
            (TakeoverReason.ROWS, dict(given.rows), self.changed_rows),
            (TakeoverReason.CHOICES, choices, self.changed_choices),
        ):
            if why := next((changed[code] for code in codes if code in changed), ""):
                return Takeover(None, reason, why)
        if self.question is None:
            return None
        problem = next((problem.message for problem in check(self.question, given)), "")
        if len(given.text) > TEXT_LIMIT or len(note) > NOTE_LIMIT:
            problem = f"文字数が上限（回答{TEXT_LIMIT}字、回答メモ{NOTE_LIMIT}字）を超えています。"
        return Takeover(None, TakeoverReason.LIMITS, problem) if problem else None

    def _taken(self, given: AnswerValue) -> Takeover:
        word = self.reworded
        return Takeover(given, word.reason, word.why)


def judge(
    pairs: Mapping[str, QuestionPair],
    now: QuestionnaireSpec,
    given: Mapping[str, tuple[AnswerValue, str]],
    shown: Collection[str],
) -> dict[str, Takeover]:
    """What becomes of one town's answers and notes together, by the earlier codes; without those that say nothing.

    An answer stays behind too where the others that are taken over hide its question: nobody would see it there, and it
    would count again as soon as one of them is changed.
    """
    decided = {
        code: takeover
        for code, (value, note) in given.items()
        if (takeover := pairs[code].decide(value, note, shown=code in shown))
    }
    taken = {
        question.code: takeover.value
        for code, takeover in decided.items()
        if takeover.value is not None and (question := pairs[code].question)
    }
    seen = visible(now, taken)
    hidden = Takeover(None, TakeoverReason.NOW_HIDDEN, "引き継いだほかの回答では、対象外の設問です。")
    return {
        code: hidden if takeover.value is not None and question and question.code not in seen else takeover
        for code, takeover in decided.items()
        for question in [pairs[code].question]
    }


def question_pairs(then: QuestionnaireSpec, now: QuestionnaireSpec) -> dict[str, QuestionPair]:
    """Every earlier question by its code, with the one of now: keys name a question in every version, codes don't."""
    by_key = {question.key: question for question in now.questions}
    return {old.code: QuestionPair(old, by_key.get(old.key)) for old in then.questions}


def _changed(what: str, old: Iterable[ChoiceSpec | RowSpec], new: Iterable[ChoiceSpec | RowSpec]) -> dict[str, str]:
    """A sentence by code for each that is gone or means something else by now."""
    labels = {item.code: item.label for item in new}
    return {
        item.code: f"{what}「{item.label}」は、いまは「{labels[item.code]}」です。"
        if item.code in labels
        else f"{what}「{item.label}」がなくなりました。"
        for item in old
        if not _reads_same(labels.get(item.code), item.label)
    }


def _reads_same(new: str | None, old: str) -> bool:
    """Width and spaces don't change what a label says."""
    return new is not None and _folded(new) == _folded(old)


def _timeless(wording: str) -> str:
    """A wording names its year: another one asks the same. Other numbers are what is asked for."""
    return YEAR.sub("", unicodedata.normalize("NFKC", wording))


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
