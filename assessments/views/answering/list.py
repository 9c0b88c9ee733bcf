"""わたしの調査 and the list of responses; one response's overview."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.views.generic import TemplateView

from assessments.domain.answering.moves import possible_moves
from assessments.domain.questionnaires.spec import SectionSpec
from assessments.domain.surveys.due import days_left, due_of
from assessments.enums import ResponseState, SurveyState
from assessments.models import Response
from assessments.views.answering.base import ResponsePage
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.organizations.models import FormerName
from dxportal.core.ui.pages import ListPage, crumbs


class ResponseList(ListPage):
    """The responses in reach, the ones to work on first."""

    model = Response
    scope = "for_user"
    related = ("survey", "organization")
    template_name = "assessments/answering/list.html"

    def queryset(self, rows):
        # Asked along: most towns are called as ever, and need no query for it.
        renamed = Exists(FormerName.objects.filter(organization=OuterRef("organization")))
        rows = rows.exclude(survey__state=SurveyState.DRAFT).filter(survey__questionnaire__isnull=False)
        return rows.annotate(renamed=renamed)

    def ordered(self, rows):
        return rows.order_by("-survey__fiscal_year", "-survey__opens_at", "organization__sort_order", "pk")

    @property
    def heading(self) -> str:
        return "わたしの調査" if self.user.is_answering else "回答票の一覧"

    def crumbs(self):
        return crumbs(self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changed = [row for row in kwargs["rows"] if row.renamed or row.organization.last_day]
        recall((response.organization, response.survey.day) for response in changed)
        terms = [(response, due_of(response), days_left(response)) for response in kwargs["rows"]]
        # After a merger the answers of the towns before it stand among the own ones.
        towns = {response.organization_id for response, _, _ in terms}
        return super().get_context_data(terms=terms, one_town=self.user.is_answering and len(towns) < 2, **kwargs)


class ResponseDetail(ResponsePage, TemplateView):
    """Overview: sections and how far they are, the moves of the response so far, what a return asks for."""

    template_name = "assessments/answering/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moves = list(self.response.transitions.all())[::-1]
        returned = self.response.state == ResponseState.RETURNED
        return super().get_context_data(
            moves=moves,
            last_return=next((move for move in moves if returned and move.to_state == ResponseState.RETURNED), None),
            possible=possible_moves(self.response, self.user) if self.may_edit else frozenset(),
            first_open=self.first_open(),
            previous=self.previous,
            **kwargs,
        )

    def first_open(self) -> SectionSpec:
        """Where to go on: the first section that a return names or that lacks an answer, else the first."""
        if self.response.reopened_questions:
            code = self.spec.question(self.response.reopened_questions[0]).section
        else:
            incomplete = (section.code for section in self.counts.sections if not section.complete)
            code = next(incomplete, self.spec.sections[0].code)
        return next(section for section in self.spec.sections if section.code == code)
