"""わたしの調査, one sheet's overview, and its sections to fill in."""

import json
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import ListView, TemplateView

from assessments.domain.answering.moves import possible_moves
from assessments.domain.answering.write import AnswerDraft, SaveOutcome, save
from assessments.domain.questionnaires.answers import EMPTY
from assessments.domain.questionnaires.spec import QuestionSpec, SectionSpec
from assessments.domain.surveys.due import days_left, due_of
from assessments.enums import ResponseState, SurveyState
from assessments.forms.answering import THEIRS, Reading, is_posted, read
from assessments.models import Response
from assessments.views.answering.base import SheetMixin
from assessments.views.answering.blocks import clock
from assessments.views.answering.render import question_html
from dxportal.core.accounts.views.mixins import ScopedMixin
from dxportal.core.workflow.errors import NotPossible


class ResponseList(ScopedMixin, ListView):
    """The answer sheets in reach, the ones to work on first."""

    model = Response
    scope = "for_user"
    template_name = "assessments/answering/list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Response]:
        rows = (
            super().get_queryset().exclude(survey__state=SurveyState.DRAFT).filter(survey__questionnaire__isnull=False)
        )
        return rows.select_related("survey", "organization").order_by(
            "-survey__fiscal_year", "-survey__opens_at", "organization__sort_order", "pk"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = [
            {"sheet": sheet, "due": due_of(sheet), "days_left": days_left(sheet), "tone": sheet.tone}
            for sheet in context["object_list"]
        ]
        context["one_town"] = self.request.user.is_answering
        return context


class ResponseDetail(SheetMixin, TemplateView):
    """Overview: sections and how far they are, the way of the sheet so far, what a return asks for."""

    template_name = "assessments/answering/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moves = list(self.object.transitions.all())
        return super().get_context_data(
            moves=moves[::-1],
            last_return=last_return(self.object, moves),
            possible=possible_moves(self.object, self.request.user) if self.may_edit else frozenset(),
            first_open=self.first_open(),
            **kwargs,
        )

    def first_open(self) -> SectionSpec:
        """Where to go on: the first section that a return names or that lacks an answer, else the first."""
        if self.object.reopened_questions:
            code = self.spec.question(self.object.reopened_questions[0]).section
        else:
            code = next((one.code for one in self.counts.sections if not one.complete), self.spec.sections[0].code)
        return next(section for section in self.spec.sections if section.code == code)

    def crumbs(self):
        return self.way()


@method_decorator(never_cache, "dispatch")  # going back must show the revisions of now
class SectionPage(SheetMixin, TemplateView):
    """One section of the questionnaire: answered, saved while typing, and saved as a whole without a script."""

    template_name = "assessments/answering/section.html"

    @cached_property
    def section(self) -> SectionSpec:
        found = next((one for one in self.spec.sections if one.code == self.kwargs["section"]), None)
        if found is None:
            raise Http404
        return found

    @property
    def questions(self) -> tuple[QuestionSpec, ...]:
        return self.spec.in_section(self.section.code)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        readings = {
            question.code: read(question, request.POST)
            for question in self.questions
            if is_posted(request.POST, question.code)
        }
        try:
            outcome = save(self.object.pk, lambda _spec: drafts(readings), user=request.user)
        except NotPossible as error:
            return self.render_to_response(self.get_context_data(readings=readings, refused=error.message))
        if not outcome.clean:
            self.object.refresh_from_db()
            return self.render_to_response(self.get_context_data(readings=readings, outcome=outcome))
        messages.success(request, f"{clock(timezone.now())}に保存しました。{warning(outcome)}")
        return redirect(self.onward(request.POST.get("go", "")))

    def onward(self, go: str) -> str:
        """Where a saved page leads: itself, its neighbours, or after the last section the confirmation."""
        codes = [section.code for section in self.spec.sections]
        at = codes.index(self.section.code)
        if go == "next" and at + 1 == len(codes):
            return reverse("assessments:response_confirm", args=[self.object.pk])
        at += {"next": 1, "previous": -1}.get(go, 0)
        return reverse("assessments:section", args=[self.object.pk, codes[max(at, 0)]])

    def get_context_data(self, readings=None, outcome=None, refused="", **kwargs: Any) -> dict[str, Any]:
        blocks = self.page.blocks(self.questions, readings or {}, outcome)
        codes = [section.code for section in self.spec.sections]
        at = codes.index(self.section.code)
        values = {
            "section": self.section,
            "questions": [question_html(block) for block in blocks],
            "entries": entries_of(blocks),
            "refused": refused,
            "posted": readings is not None,
            "number": at + 1,
            "of": len(codes),
            "before": self.spec.sections[at - 1] if at else None,
            "after": self.spec.sections[at + 1] if at + 1 < len(codes) else None,
            "elsewhere": self.chosen_elsewhere(),
            "last_return": last_return(self.object) if self.object.state == ResponseState.RETURNED else None,
        }
        return super().get_context_data(**(kwargs | values))

    def chosen_elsewhere(self) -> str:
        """For the script: the choices given in other sections, which conditions here may look at."""
        here = self.page.opened & {question.code for question in self.questions}
        given = {code: one.value.choices for code, one in self.stored.items() if code in self.counts.shown}
        return json.dumps({code: choices for code, choices in given.items() if choices and code not in here})

    def crumbs(self):
        return self.way(self.section.title)


def drafts(readings: dict[str, Reading]) -> list[AnswerDraft]:
    """What the page wants saved: a conflict decided for the other side drops out."""
    return [reading.draft for reading in readings.values() if reading.keep != THEIRS]


def warning(outcome: SaveOutcome) -> str:
    """Says so when the page left answers behind that the conditions leave out."""
    aside = [code for code, one in outcome.stored.items() if code not in outcome.progress.shown and one.value != EMPTY]
    if not aside:
        return ""
    return f"問{'、問'.join(aside)}は、ほかの設問への回答により対象外です（入力内容は残りますが、集計されません）。"


def entries_of(blocks) -> list[tuple[str, str, str]]:
    """The error summary: (anchor, label, message)."""
    found = [(f"question-{block.code}", f"問{block.code}", one.message) for block in blocks for one in block.problems]
    return found + [
        (f"question-{block.code}", f"問{block.code}", "ほかの人の更新と重なりました。どちらを残すか選んでください。")
        for block in blocks
        if block.theirs
    ]


def last_return(sheet: Response, moves=None):
    """The return that the sheet stands under, or None."""
    if sheet.state != ResponseState.RETURNED:
        return None
    if moves is None:
        return sheet.transitions.filter(Q(to_state=ResponseState.RETURNED)).last()
    return next((move for move in reversed(moves) if move.to_state == ResponseState.RETURNED), None)
