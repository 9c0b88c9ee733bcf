"""The response on paper (A4, to be circulated for approval) and as a workbook."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from assessments.domain.questionnaires.spec import QuestionKind, QuestionSpec
from assessments.domain.questionnaires.wording import answer_lines, condition_text
from assessments.enums import QUESTION_KINDS
from assessments.forms.answering import PaperOptions
from assessments.views.answering.base import ResponsePage
from dxportal.core.intake.export import Sheet, workbook_response

HEADER = (
    "設問番号",
    "区分",
    "設問",
    "行",
    "形式",
    "必須",
    "状態",
    "回答コード",
    "回答",
    "数値",
    "単位",
    "回答メモ",
    "前回の回答",
    "代行",
)


class PrintPage(ResponsePage, TemplateView):
    """The whole response; ``?blank=1``: the questions alone, to ask around before starting."""

    template_name = "assessments/answering/print.html"
    here = "印刷"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = PaperOptions(self.request.GET).values
        parts = [
            {"section": section, "blocks": self.blocks.of(self.spec.in_section(section.code))}
            for section in self.spec.sections
        ]
        return super().get_context_data(
            parts=parts,
            blank=options.blank,
            approval=options.approval,
            printed_at=timezone.now(),
            previous=self.previous,
            **kwargs,
        )


class ResponseExport(ResponsePage, View):
    """One row a question (a matrix: one a row), every conditional question included, one datum a cell."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.response
        survey = response.survey
        self.recall()
        rows = [row for question in self.spec.questions for row in self.rows(question)]
        notes = (
            ("調査", survey.title),
            ("団体", f"{response.organization.place.code} {response.organization.shown}".strip()),
            ("調査票", f"{self.spec.title}（版 {self.spec.version}）"),
            ("状態", response.get_state_display()),
            ("受付番号", response.receipt_number),
            ("出力日時", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
            (
                "回答コード",
                "複数選択は「;」区切り、順位は1位から順に「;」区切り。照合には設問番号と回答コードを使います。",
            ),
            ("状態の列", "対象外は、ほかの設問への回答により回答を要しない設問。"),
        )
        name = f"回答票_{response.organization.name}_{survey.title}.xlsx"
        return workbook_response(name, [Sheet("回答", HEADER, rows, notes)])

    def rows(self, question: QuestionSpec) -> Iterable[tuple[Any, ...]]:
        block = self.blocks.block(question)
        section = next(section.title for section in self.spec.sections if section.code == question.section)
        head = (question.code, section, question.wording)
        middle = (QUESTION_KINDS[question.kind], "必須" if question.required else "任意", self.state_of(block))
        note = block.stored.note
        on_behalf = "代行" if block.stored.on_behalf else ""
        if question.kind == QuestionKind.MATRIX:
            given = dict(block.stored.value.rows)
            before = block.previous.cells if block.previous else {}
            for row in question.rows:
                choice = question.choice(given.get(row.code, ""))
                answer = (choice.code, choice.label) if choice else ("", "")
                yield (*head, row.label, *middle, *answer, None, "", note, before.get(row.code, ""), on_behalf)
            return
        value = block.stored.value
        text = value.text if question.kind == QuestionKind.TEXT else "、".join(answer_lines(question, value))
        before = "、".join(block.previous.lines) if block.previous else ""
        beside = [f"{label}：{'、'.join(answer.lines)}" for label, answer in block.inherited if answer and answer.lines]
        before = "\n".join(filter(None, (before, *beside)))
        codes = ";".join(value.choices)
        yield (*head, "", *middle, codes, text, value.number, question.unit, note, before, on_behalf)

    def state_of(self, block) -> str:
        if not block.shown:
            return f"対象外（{condition_text(self.spec, block.question.condition)}）"
        return "回答済" if block.answered else "未回答"
