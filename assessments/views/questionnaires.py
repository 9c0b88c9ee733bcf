"""調査票: the published versions, each with its questions in words, printable, and what changed since the last one."""

from collections.abc import Mapping

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import DetailView, ListView

from assessments.domain.questionnaires.spec import QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.stored import sheet_of
from assessments.domain.questionnaires.versions import KIND_WORDS, differences
from assessments.domain.questionnaires.wording import condition_text
from assessments.models import Questionnaire
from assessments.views.surveys.surveys import crumbs


def questionnaire_crumbs(*items):
    return crumbs(("調査票", reverse("assessments:questionnaire_list")), *items)


class PublishedMixin:
    """Published questionnaires belong to no organisation: every signed-in member may read them."""

    model = Questionnaire

    def get_queryset(self):
        rows = super().get_queryset().filter(status="published")
        return rows if self.request.user.acting else rows.none()


class QuestionnaireList(PublishedMixin, ListView):
    template_name = "assessments/questionnaires/list.html"

    def get_queryset(self):
        return super().get_queryset().annotate(question_count=Count("questions", distinct=True))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"crumbs": crumbs(("調査票", None))}


class QuestionnaireDetail(PublishedMixin, DetailView):
    template_name = "assessments/questionnaires/detail.html"

    def get_context_data(self, **kwargs):
        spec = sheet_of(self.object.pk).spec
        previous = previous_of(self.object)
        context = {"spec": spec, "sections": list(sections(spec)), "previous": previous}
        trail = questionnaire_crumbs((str(self.object), None))
        return super().get_context_data(**kwargs) | context | {"crumbs": trail}


class QuestionnaireChanges(PublishedMixin, DetailView):
    """Against ``?with=<pk>``, else the version before."""

    template_name = "assessments/questionnaires/changes.html"

    def get_context_data(self, **kwargs):
        others = Questionnaire.objects.filter(status="published").exclude(pk=self.object.pk)
        wanted = self.request.GET.get("with", "")
        old = get_object_or_404(others, pk=wanted) if wanted.isdecimal() else previous_of(self.object)
        found = differences(sheet_of(old.pk).spec, sheet_of(self.object.pk).spec) if old else []
        groups = [(word, [one for one in found if one.kind == kind]) for kind, word in DIFFERENCE_WORDS.items()]
        here = (str(self.object), reverse("assessments:questionnaire_detail", args=[self.object.pk]))
        context = {"old": old, "others": others, "groups": groups, "count": len(found)}
        return super().get_context_data(**kwargs) | context | {"crumbs": questionnaire_crumbs(here, ("変更点", None))}


DIFFERENCE_WORDS: Mapping[str, str] = {
    "added": "追加された設問",
    "changed": "変わった設問",
    "removed": "なくなった設問",
}


def previous_of(questionnaire: Questionnaire) -> Questionnaire | None:
    """The same instrument's published version before this one."""
    same = Questionnaire.objects.filter(code=questionnaire.code, status="published", pk__lt=questionnaire.pk)
    return same.order_by("-fiscal_year", "-pk").first()


def sections(spec: QuestionnaireSpec):
    """(section, its points, its questions as the page shows them)."""
    for section in spec.sections:
        lines = [question_line(spec, question) for question in spec.in_section(section.code)]
        yield section, spec.possible(section.code), lines


def question_line(spec: QuestionnaireSpec, question: QuestionSpec) -> dict:
    condition = condition_text(spec, question.condition) if question.condition else ""
    return {"question": question, "kind": KIND_WORDS[question.kind], "condition": condition}
