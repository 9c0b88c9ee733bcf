"""What the pages about one response share: the response in scope, its progress, its place among the pages."""

from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q

from assessments.domain.answering.previous import Earlier, Previous, earlier_of
from assessments.domain.answering.write import open_questions, stored_of
from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.surveys.due import days_left, due_of, why_closed
from assessments.domain.surveys.progress import Progress, progress
from assessments.enums import ResponseState, SurveyState
from assessments.models import Response, ResponseTransition
from assessments.views.answering.blocks import QuestionBlocks
from assessments.views.surveys.base import survey_crumbs
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.organizations.models import FormerName
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

SECTION_WORDS = {"done": "完了", "started": "入力中", "untouched": "未着手"}


class ResponsePage(ScopedObject):
    """One response that the person sees; a survey in preparation stays unseen below the prefecture."""

    model = Response
    scope = "for_user"
    name = "response"
    related = ("survey", "organization")
    response: Response
    here = ""  # the page's own crumb; "" for the response's overview

    def queryset(self, rows):
        # Asked along: most towns are called as ever, and need no query for it.
        renamed = Exists(FormerName.objects.filter(organization=OuterRef("organization")))
        rows = rows.filter(survey__questionnaire__isnull=False).annotate(renamed=renamed)
        return rows if self.user.is_prefecture_staff else rows.filter(~Q(survey__state=SurveyState.DRAFT))

    @cached_property
    def spec(self) -> QuestionnaireSpec:
        return stored_questionnaire(self.response.survey.questionnaire_id).spec

    @cached_property
    def stored(self):
        return stored_of(self.response, stored_questionnaire(self.response.survey.questionnaire_id))

    @cached_property
    def earlier(self) -> Earlier:
        return earlier_of(self.response)

    @property
    def previous(self) -> Previous | None:
        return self.earlier.own

    @cached_property
    def counts(self) -> Progress:
        return progress(self.spec, {code: answer.value for code, answer in self.stored.items()})

    @cached_property
    def may_edit(self) -> bool:
        """Own response of an answering role, or any of the prefecture's for its staff; whether now is another matter."""
        return self.user.is_answering or self.user.is_prefecture_staff

    @cached_property
    def closed_because(self) -> str:
        return why_closed(self.response, self.user)

    @cached_property
    def blocks(self) -> QuestionBlocks:
        return QuestionBlocks(
            spec=self.spec,
            stored=self.stored,
            shown=self.counts.shown,
            opened=open_questions(self.response, self.spec),
            returned=frozenset(self.response.reopened_questions),
            editable=self.may_edit and not self.closed_because,
            previous=self.previous,
            inherited=tuple(answers for _, answers in self.earlier.inherited),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.recall()
        editable = self.blocks.editable
        values = {
            "survey": self.response.survey,
            "counts": self.counts,
            "sections": sections_of(self.spec, self.counts),
            "due": due_of(self.response),
            "days_left": days_left(self.response),
            "editable": editable,
            "closed_because": self.closed_because if self.may_edit else "",
            "on_behalf": editable and self.user.is_prefecture_staff,
            "inherited": self.earlier.inherited,
            "crumbs": self.crumbs(),
        }
        return super().get_context_data(**(values | kwargs))

    def recall(self) -> None:
        """The town is shown as on the survey's day."""
        if self.response.renamed or self.response.organization.last_day:
            recall([(self.response.organization, self.response.survey.day)])

    def crumbs(self) -> Crumbs:
        """Readers of many towns come from the survey, a municipality's people from the list of their own."""
        survey = self.response.survey
        steps = [self.here] if self.here else []
        if self.user.acting.organization.is_municipality:
            overview = (survey.title, "assessments:response_detail", self.response.pk)
            return crumbs(("わたしの調査", "assessments:response_list"), overview, *steps)
        overview = (self.response.organization.shown, "assessments:response_detail", self.response.pk)
        return survey_crumbs(survey, overview, *steps)

    def last_return(self) -> ResponseTransition | None:
        """The return under which the response is now, or None."""
        if self.response.state != ResponseState.RETURNED:
            return None
        return self.response.transitions.filter(to_state=ResponseState.RETURNED).last()


def sections_of(spec: QuestionnaireSpec, counts: Progress) -> list[dict[str, Any]]:
    """The sections in order, each with its progress and the word for its state."""
    by_code = counts.by_section()
    return [
        {"section": section, "progress": by_code[section.code], "word": SECTION_WORDS[by_code[section.code].state]}
        for section in spec.sections
    ]
