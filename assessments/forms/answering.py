"""Reads what the answer page posts: one question's controls to a draft, with the problems of what can't be read.

Names of the controls of question "3-1": ``q:3-1`` (choice, text, number), ``q:3-1:<row>`` (matrix),
``q:3-1:1``, ``q:3-1:2`` … (ranks), ``n:3-1`` (note), ``r:3-1`` (revision seen); where a conflict was offered
``c:3-1`` and its answer ``k:3-1`` (mine | theirs).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from assessments.domain.answering.write import AnswerDraft
from assessments.domain.questionnaires.answers import AnswerProblem, AnswerValue
from assessments.domain.questionnaires.spec import QuestionKind, QuestionSpec
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.japanese import InputError, parse_number
from dxportal.core.ui.pages import AddressFlag, AddressForm

MINE = "mine"
THEIRS = "theirs"
COMMENT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class PostedAnswer:
    """``typed``: the text of a number control as it was typed; ``keep``: the answer to an offered conflict."""

    draft: AnswerDraft
    typed: str = ""
    keep: str = ""


def is_posted(data: QueryDict, code: str) -> bool:
    """Every question block posts its revision, whatever its controls say."""
    return f"r:{code}" in data


def read(question: QuestionSpec, data: QueryDict) -> PostedAnswer:
    """A conflict that was offered and not decided is offered again: no stored revision is -1."""
    code = question.code
    keep = data.get(f"k:{code}", "")
    problems: tuple[AnswerProblem, ...] = ()
    value = AnswerValue()
    try:
        value = posted_value(question, data)
    except InputError as error:
        problems = (AnswerProblem("not_a_number", str(error)),)
    undecided = f"c:{code}" in data and keep not in (MINE, THEIRS)
    seen = data.get(f"r:{code}", "")
    revision = int(seen) if re.fullmatch(r"[0-9]{1,9}", seen, re.ASCII) else 0
    typed = data.get(f"q:{code}", "").strip() if question.kind == QuestionKind.NUMBER else ""
    note = plain(data.get(f"n:{code}", ""))
    return PostedAnswer(AnswerDraft(code, value, note, -1 if undecided else revision, problems), typed, keep)


def plain(text: str) -> str:
    """As typed, but for the ends and the line ends: free text is never normalised further."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fields(question: QuestionSpec, value: AnswerValue) -> Iterable[tuple[str, str]]:
    """The reverse of ``read``: the controls' names and texts for a value, as the page would post them."""
    name = f"q:{question.code}"
    if question.kind == QuestionKind.TEXT:
        return [(name, value.text)]
    if question.kind == QuestionKind.NUMBER:
        return [(name, "" if value.number is None else f"{value.number.normalize():f}")]
    if question.kind == QuestionKind.MATRIX:
        return [(f"{name}:{row}", choice) for row, choice in value.rows]
    if question.kind == QuestionKind.RANKING:
        return [(f"{name}:{rank}", choice) for rank, choice in enumerate(value.choices, 1)]
    return [(name, choice) for choice in value.choices]


def posted_value(question: QuestionSpec, data: QueryDict) -> AnswerValue:
    """What the controls of one question say; InputError for a number that can't be read."""
    name = f"q:{question.code}"
    if question.kind == QuestionKind.TEXT:
        return AnswerValue(text=plain(data.get(name, "")))
    if question.kind == QuestionKind.NUMBER:
        typed = data.get(name, "").strip()
        return AnswerValue(number=parse_number(typed, question.unit) if typed else None)
    if question.kind == QuestionKind.MATRIX:
        given = ((row.code, data.get(f"{name}:{row.code}", "")) for row in question.rows)
        return AnswerValue(rows=tuple((row, choice) for row, choice in given if choice))
    if question.kind == QuestionKind.RANKING:
        ranks = (data.get(f"{name}:{rank}", "") for rank in range(1, len(question.weights) + 1))
        return AnswerValue(choices=tuple(filter(None, ranks)))
    return AnswerValue(choices=tuple(filter(None, data.getlist(name))))


class PaperOptions(AddressForm):
    """How a response is printed: the questions alone; with boxes for approval."""

    blank = AddressFlag()
    approval = AddressFlag()


class CommentForm(PortalForm):
    """庁内確認依頼 and 取下げ: a word to the other side, if wanted."""

    comment = forms.CharField(
        label="連絡事項",
        required=False,
        help_text=f"{COMMENT_LIMIT:,}文字以内。承認する人に伝えることがあれば入力してください。",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": COMMENT_LIMIT}),
    )

    def clean_comment(self) -> str:
        return within_limit(self.cleaned_data["comment"])


class SendBackForm(PortalForm):
    """差戻し inside the municipality; no question named means the whole response."""

    comment = forms.CharField(
        label="差戻しの理由",
        help_text=f"{COMMENT_LIMIT:,}文字以内。何を直せばよいかが分かるように入力してください。",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": COMMENT_LIMIT}),
    )
    questions = forms.MultipleChoiceField(
        label="差し戻す設問",
        required=False,
        help_text="選んだ設問だけが入力できるようになります。選ばなければ、全体を差し戻します。",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, questions=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["questions"].choices = [(item.code, f"問{item.code} {item.short}") for item in questions]

    def clean_comment(self) -> str:
        return within_limit(self.cleaned_data["comment"])


class SubmitForm(PortalForm):
    """承認して県へ提出; ``unanswered`` > 0 asks for an explicit word that those stay unanswered."""

    accept_unanswered = forms.BooleanField(required=False)

    def __init__(self, *args, unanswered=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accept_unanswered"].label = f"未回答の必須設問（{unanswered}問）は、未回答のまま提出します"


def within_limit(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if (over := len(text) - COMMENT_LIMIT) > 0:
        raise forms.ValidationError(
            f"{COMMENT_LIMIT:,}文字以内で入力してください（現在{len(text):,}文字、{over:,}文字超過）。"
        )
    return text
