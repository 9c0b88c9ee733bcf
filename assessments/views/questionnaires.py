"""調査票: the published versions, each with its questions in words, printable, and what changed since the last one."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from assessments.domain.questionnaires.spec import QuestionnaireSpec, SectionSpec
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.questionnaires.versions import KIND_WORDS, differences
from assessments.domain.questionnaires.wording import condition_text
from assessments.forms.questionnaires import ComparedWith
from assessments.models import Questionnaire
from assessments.views.surveys.base import cycle_crumbs
from dxportal.core.ui.pages import ListPage, ScopedObject

DIFFERENCE_WORDS: Mapping[str, str] = {
    "added": "追加された設問",
    "changed": "変わった設問",
    "removed": "なくなった設問",
}


class QuestionnaireList(ListPage):
    model = Questionnaire
    scope = "for_user"
    template_name = "assessments/questionnaires/list.html"
    heading = "調査票"
    per_page = None

    def queryset(self, rows):
        return rows.annotate(question_count=Count("questions", distinct=True))

    def crumbs(self):
        return cycle_crumbs(self.heading)


class QuestionnairePage(ScopedObject, TemplateView):
    model = Questionnaire
    scope = "for_user"
    name = "questionnaire"

    def crumbs(self, *steps):
        here = (str(self.questionnaire), "assessments:questionnaire_detail", self.questionnaire.pk)
        return cycle_crumbs(("調査票", "assessments:questionnaire_list"), here, *steps)

    def previous(self) -> Questionnaire | None:
        """The same instrument's published version before this one."""
        rows = Questionnaire.objects.for_user(self.user)
        # Versions are texts without an order: what was loaded before this one is older.
        same = rows.filter(code=self.questionnaire.code, pk__lt=self.questionnaire.pk)
        return same.order_by("-fiscal_year", "-pk").first()


class QuestionnaireDetail(QuestionnairePage):
    template_name = "assessments/questionnaires/detail.html"

    def get_context_data(self, **kwargs):
        spec = stored_questionnaire(self.questionnaire.pk).spec
        context = {"spec": spec, "sections": list(sections(spec)), "previous": self.previous()}
        return super().get_context_data(**context, crumbs=self.crumbs(), **kwargs)


class QuestionnaireChanges(QuestionnairePage):
    """Against ``?with=<pk>``, else the version before."""

    template_name = "assessments/questionnaires/changes.html"

    def get_context_data(self, **kwargs):
        others = Questionnaire.objects.for_user(self.user).exclude(pk=self.questionnaire.pk)
        chosen = ComparedWith(self.request.GET).chosen
        old = get_object_or_404(others, pk=chosen) if chosen else self.previous()
        changes = (
            differences(stored_questionnaire(old.pk).spec, stored_questionnaire(self.questionnaire.pk).spec)
            if old
            else []
        )
        context = {
            "old": old,
            "others": others,
            "groups": [
                (word, [change for change in changes if change.kind == kind]) for kind, word in DIFFERENCE_WORDS.items()
            ],
            "count": len(changes),
            "crumbs": self.crumbs("変更点"),
        }
        return super().get_context_data(**context, **kwargs)


def sections(spec: QuestionnaireSpec) -> Iterator[tuple[SectionSpec, int, list[dict[str, Any]]]]:
    """(section, its points, its questions as the page shows them)."""
    for section in spec.sections:
        lines = [
            {
                "question": question,
                "kind": KIND_WORDS[question.kind],
                "condition": condition_text(spec, question.condition) if question.condition else "",
            }
            for question in spec.in_section(section.code)
        ]
        yield section, spec.possible(section.code), lines
