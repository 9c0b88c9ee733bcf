"""What the pages about one answer sheet share: the sheet in scope, its progress, its place among the pages."""

from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.views.generic.detail import SingleObjectMixin

from assessments.domain.answering.previous import previous_of
from assessments.domain.answering.write import open_questions, stored_of
from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.surveys.due import days_left, due_of, why_closed
from assessments.domain.surveys.progress import Progress, progress
from assessments.enums import SurveyState
from assessments.models import Response
from assessments.views.answering.blocks import Page
from dxportal.core.accounts.views.mixins import ScopedMixin

SECTION_WORDS = {"done": "完了", "started": "入力中", "untouched": "未着手"}


class SheetMixin(ScopedMixin, SingleObjectMixin):
    """``self.object`` is the sheet; a survey in preparation stays unseen below the prefecture."""

    model = Response
    scope = "for_user"
    context_object_name = "sheet"

    def get_queryset(self):
        rows = super().get_queryset().filter(survey__questionnaire__isnull=False)
        if not self.request.user.is_prefecture_staff:
            rows = rows.filter(~Q(survey__state=SurveyState.DRAFT))
        return rows.select_related("survey", "organization")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()

    @cached_property
    def spec(self) -> QuestionnaireSpec:
        return stored_questionnaire(self.object.survey.questionnaire_id).spec

    @cached_property
    def stored(self):
        return stored_of(self.object, stored_questionnaire(self.object.survey.questionnaire_id))

    @cached_property
    def previous(self):
        return previous_of(self.object)

    @cached_property
    def counts(self) -> Progress:
        return progress(self.spec, {code: one.value for code, one in self.stored.items()})

    @cached_property
    def may_edit(self) -> bool:
        """Own sheet of an answering role, or any of the prefecture's for its staff; whether now is another matter."""
        return self.request.user.is_answering or self.request.user.is_prefecture_staff

    @cached_property
    def closed_because(self) -> str:
        return why_closed(self.object, self.request.user)

    @cached_property
    def page(self) -> Page:
        return Page(
            spec=self.spec,
            stored=self.stored,
            shown=self.counts.shown,
            opened=open_questions(self.object, self.spec),
            returned=frozenset(self.object.reopened_questions),
            editable=self.may_edit and not self.closed_because,
            previous=self.previous,
        )

    @property
    def on_behalf(self) -> bool:
        return self.page.editable and self.request.user.is_prefecture_staff

    def get_context_data(self, **kwargs):
        values = {
            "survey": self.object.survey,
            "counts": self.counts,
            "sections": sections_of(self.spec, self.counts),
            "tone": self.object.tone,
            "due": due_of(self.object),
            "days_left": days_left(self.object),
            "editable": self.page.editable,
            "closed_because": self.closed_because if self.may_edit else "",
            "on_behalf": self.on_behalf,
            "crumbs": self.crumbs(),
        }
        return super().get_context_data(**(values | kwargs))

    def crumbs(self) -> list[tuple[str, str | None]]:
        raise NotImplementedError

    def way(self, here: str = "") -> list[tuple[str, str | None]]:
        """The breadcrumbs down to ``here``, or to the sheet's overview; readers of many towns come from the survey."""
        sheet, survey = self.object, self.object.survey
        overview = reverse("assessments:response_detail", args=[sheet.pk]) if here else None
        if self.request.user.acting.organization.is_municipality:
            top = [("わたしの調査", reverse("assessments:response_list")), (survey.title, overview)]
        else:
            survey_page = reverse("assessments:survey_detail", args=[survey.pk])
            top = [(survey.title, survey_page), (sheet.organization.name, overview)]
        return [*top, (here, None)] if here else top


def sections_of(spec: QuestionnaireSpec, counts: Progress) -> list[dict]:
    """The sections in order, each with its progress and the word for its state."""
    by_code = counts.by_section()
    return [
        {"section": section, "progress": by_code[section.code], "word": SECTION_WORDS[by_code[section.code].state]}
        for section in spec.sections
    ]
