"""Question blocks as HTML, quickly. Each question is drawn by its template once a process, with marks where a sheet's
own values belong; a page then only fills the marks (a matrix of 20 rows has more than a hundred controls)."""

import re
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.domain.answering.write import NOTE_LIMIT, TEXT_LIMIT
from assessments.domain.questionnaires.spec import ChoiceSpec, QuestionKind, QuestionSpec
from assessments.views.answering.blocks import Block

MARK = re.compile("\ue000([^\ue001]*)\ue001")
CHECKED, SELECTED = " checked", " selected"


class Marks:
    """``{{ mark.note }}`` in the template: where the note will stand."""

    def __getattr__(self, name: str) -> SafeString:
        return mark(name)


def mark(name: str) -> SafeString:
    return mark_safe(f"\ue000{name}\ue001")


def question_html(block: Block) -> SafeString:
    """The whole block: controls where it takes an answer, else text."""
    if not block.editable:
        return render_to_string("assessments/answering/_question_text.html", {"block": block})
    values = _marks(block) | _controls(block)
    parts = _drawn(block.question, block.condition, block.rule, bool(block.previous_label))
    return mark_safe("".join(values.get(part, "") if place % 2 else part for place, part in enumerate(parts)))


@lru_cache(maxsize=4096)
def _drawn(question: QuestionSpec, condition: str, rule: str, with_previous: bool) -> list[str]:
    """The template's text, cut at its marks: text, name, text, name, … text."""
    context = {
        "question": question,
        "condition": condition,
        "rule": rule,
        "with_previous": with_previous,
        "in_table": question.kind == QuestionKind.MATRIX,
        "kind": f"assessments/answering/kinds/_{question.kind}.html",
        "text_limit": TEXT_LIMIT,
        "note_limit": NOTE_LIMIT,
        "mark": Marks(),
        **_choice_marks(question),
    }
    return MARK.split(render_to_string("assessments/answering/_question.html", context))


def _choice_marks(question: QuestionSpec) -> dict[str, Any]:
    """Each choice with the mark where " checked" may stand; by row in a matrix, by rank in a ranking."""

    def options(prefix: str) -> list[tuple[ChoiceSpec, SafeString]]:
        return [(choice, mark(f"{prefix}{choice.code}")) for choice in question.choices]

    rows = [(row, options(f"c:{row.code}:"), mark(f"c:{row.code}:"), mark(f"b:{row.code}")) for row in question.rows]
    ranks = [(rank, options(f"c:{rank}:")) for rank in range(1, len(question.weights) + 1)]
    return {"options": options("c:"), "none": mark("c:"), "rows": rows, "ranks": ranks}


def _marks(block: Block) -> dict[str, str]:
    """What stands at the marks of the block itself."""
    values = {
        "revision": str(block.revision),
        "line": escape(block.saved_line),
        "note": escape(block.note),
        "note_open": " open" if block.note else "",
        "text": escape(block.value.text),
        "number": escape(block.typed),
        "label": escape(block.previous_label),
        "copy": _part("_copy", block) if block.copy else "",
        "previous": _part("_previous", block) if block.shows_previous else "",
        "conflict": _part("_conflict", block) if block.theirs else "",
    }
    if block.returned:
        values |= {"returned": ' data-state="returned"', "returned_chip": _part("_returned_chip", block)}
    if block.problems:
        errors = format_html_join("", "<p>＊{}</p>", ((one.message,) for one in block.problems))
        described = format_html(' aria-describedby="e-{}"', block.code)
        values |= {"errors": errors, "described": described, "invalid": ' aria-invalid="true"'}
    return values


def _controls(block: Block) -> dict[str, str]:
    """Which controls are taken."""
    question, value = block.question, block.value
    if question.kind == QuestionKind.MATRIX:
        given = dict(value.rows)
        taken = {f"c:{row.code}:{given.get(row.code, '')}": CHECKED for row in question.rows}
        before = block.previous.cells if block.previous else {}
        return taken | {f"b:{row}": escape(text) for row, text in before.items()}
    if question.kind == QuestionKind.RANKING:
        return {f"c:{rank}:{code}": SELECTED for rank, code in enumerate(value.choices, 1)}
    return {f"c:{code}": CHECKED for code in value.choices} or {"c:": CHECKED}


def _part(name: str, block: Block) -> SafeString:
    return render_to_string(f"assessments/answering/{name}.html", {"block": block})
