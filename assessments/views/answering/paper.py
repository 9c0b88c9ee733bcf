"""The answer sheet on paper (A4, to be circulated for approval) and as a workbook."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from assessments.domain.questionnaires.spec import QuestionKind, QuestionSpec
from assessments.domain.questionnaires.wording import answer_lines, condition_text
from assessments.enums import QUESTION_KINDS
from assessments.views.answering.base import SheetMixin
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


class PrintPage(SheetMixin, TemplateView):
    """The whole sheet; ``?blank=1``: the questions alone, to ask around before starting."""

    template_name = "assessments/answering/print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        blank = self.request.GET.get("blank") == "1"
        parts = [
            {"section": section, "blocks": self.page.blocks(self.spec.in_section(section.code), {}, None)}
            for section in self.spec.sections
        ]
        return super().get_context_data(
            parts=parts,
            blank=blank,
            approval=self.request.GET.get("approval") == "1",
            printed_at=timezone.now(),
            previous=self.previous,
            **kwargs,
        )

    def crumbs(self):
        return self.way("印刷")


class Export(SheetMixin, View):
    """One row a question (a matrix: one a row), every conditional question included, one datum a cell."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sheet, survey = self.object, self.object.survey
        rows = [row for question in self.spec.questions for row in self.rows(question)]
        notes = (
            ("調査", survey.title),
            ("団体", f"{sheet.organization.code or ''} {sheet.organization.name}".strip()),
            ("調査票", f"{self.spec.title}（版 {self.spec.version}）"),
            ("状態", sheet.get_state_display()),
            ("受付番号", sheet.receipt_number),
            ("出力日時", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
            (
                "回答コード",
                "複数選択は「;」区切り、順位は1位から順に「;」区切り。照合には設問番号と回答コードを使います。",
            ),
            ("状態の列", "対象外は、ほかの設問への回答により回答を要しない設問。"),
        )
        return workbook_response(
            f"回答票_{sheet.organization.name}_{survey.title}.xlsx", [Sheet("回答", HEADER, rows, notes)]
        )

    def rows(self, question: QuestionSpec) -> Iterable[tuple[Any, ...]]:
        block = self.page.block(question)
        section = next(one.title for one in self.spec.sections if one.code == question.section)
        head = (question.code, section, question.wording)
        middle = (QUESTION_KINDS[question.kind], "必須" if question.required else "任意", self.state_of(block))
        before = "、".join(block.previous.lines) if block.previous else ""
        tail = (block.stored.note, before, "代行" if block.stored.on_behalf else "")
        if question.kind == QuestionKind.MATRIX:
            given = dict(block.stored.value.rows)
            for row in question.rows:
                choice = question.choice(given.get(row.code, ""))
                code, label = (choice.code, choice.label) if choice else ("", "")
                yield (*head, row.label, *middle, code, label, None, "", *tail)
            return
        value = block.stored.value
        text = value.text if question.kind == QuestionKind.TEXT else "、".join(answer_lines(question, value))
        yield (*head, "", *middle, ";".join(value.choices), text, value.number, question.unit, *tail)

    def state_of(self, block) -> str:
        if not block.shown:
            return f"対象外（{condition_text(self.spec, block.question.condition)}）"
        return "回答済" if block.answered else "未回答"

    def crumbs(self):
        return []
