"""A section of the questionnaire to fill in."""

import json
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from assessments.domain.answering.write import AnswerDraft, SaveOutcome, save
from assessments.domain.questionnaires.answers import EMPTY
from assessments.domain.questionnaires.spec import QuestionSpec, SectionSpec
from assessments.forms.answering import THEIRS, PostedAnswer, is_posted, read
from assessments.views.answering.base import ResponsePage
from assessments.views.answering.blocks import clock
from assessments.views.answering.render import question_html
from dxportal.core.workflow.errors import NotPossible


# Going back must show the revisions of now.
@method_decorator(never_cache, "get")
@method_decorator(never_cache, "post")
class SectionPage(ResponsePage, TemplateView):
    """One section of the questionnaire: answered, saved while typing, and saved as a whole without a script."""

    template_name = "assessments/answering/section.html"

    @cached_property
    def section(self) -> SectionSpec:
        section = next((section for section in self.spec.sections if section.code == self.kwargs["section"]), None)
        if section is None:
            raise Http404
        return section

    @property
    def questions(self) -> tuple[QuestionSpec, ...]:
        return self.spec.in_section(self.section.code)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        posted = {
            question.code: read(question, request.POST)
            for question in self.questions
            if is_posted(request.POST, question.code)
        }
        try:
            outcome = save(self.response.pk, lambda _spec: drafts(posted), user=self.user)
        except NotPossible as refusal:
            return self.render_to_response(self.get_context_data(posted=posted, refused=refusal.message))
        if not outcome.clean:
            self.reload()
            return self.render_to_response(self.get_context_data(posted=posted, outcome=outcome))
        messages.success(request, f"{clock(timezone.now())}に保存しました。{warning(outcome)}")
        return redirect(self.onward(request.POST.get("go", "")))

    def onward(self, go: str) -> str:
        """Where a saved page leads: itself, its neighbours, or after the last section the confirmation."""
        codes = [section.code for section in self.spec.sections]
        at = codes.index(self.section.code)
        if go == "next" and at + 1 == len(codes):
            return reverse("assessments:response_confirm", args=[self.response.pk])
        at += {"next": 1, "previous": -1}.get(go, 0)
        return reverse("assessments:section", args=[self.response.pk, codes[max(at, 0)]])

    def get_context_data(self, posted=None, outcome=None, refused="", **kwargs: Any) -> dict[str, Any]:
        blocks = self.blocks.of(self.questions, posted, outcome)
        sections = self.spec.sections
        at = sections.index(self.section)
        values = {
            "section": self.section,
            "questions": [question_html(block) for block in blocks],
            "entries": entries_of(blocks),
            "refused": refused,
            "posted": posted is not None,
            "number": at + 1,
            "of": len(sections),
            "before": sections[at - 1] if at else None,
            "after": sections[at + 1] if at + 1 < len(sections) else None,
            "elsewhere": self.chosen_elsewhere(),
            "last_return": self.last_return(),
        }
        return super().get_context_data(**(kwargs | values))

    def chosen_elsewhere(self) -> str:
        """For the script: the choices given in other sections, which conditions here may look at."""
        here = self.blocks.opened & {question.code for question in self.questions}
        shown = self.counts.shown
        choices = {code: answer.value.choices for code, answer in self.stored.items() if code in shown}
        return json.dumps({code: chosen for code, chosen in choices.items() if chosen and code not in here})

    @property
    def here(self) -> str:
        return self.section.title


def drafts(posted: dict[str, PostedAnswer]) -> list[AnswerDraft]:
    """What the page wants saved: a conflict decided for the other side drops out."""
    return [answer.draft for answer in posted.values() if answer.keep != THEIRS]


def warning(outcome: SaveOutcome) -> str:
    """Says so when the page left answers behind that the conditions leave out."""
    shown = outcome.progress.shown
    aside = [code for code, answer in outcome.stored.items() if code not in shown and answer.value != EMPTY]
    if not aside:
        return ""
    return f"問{'、問'.join(aside)}は、ほかの設問への回答により対象外です（入力内容は残りますが、集計されません）。"


def entries_of(blocks) -> list[tuple[str, str, str]]:
    """The error summary: (anchor, label, message)."""
    overtaken = "ほかの人の更新と重なりました。どちらを残すか選んでください。"
    lines = [(block.code, problem.message) for block in blocks for problem in block.problems]
    lines += [(block.code, overtaken) for block in blocks if block.theirs]
    return [(f"question-{code}", f"問{code}", message) for code, message in lines]
