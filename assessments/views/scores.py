"""得点表: a municipality's score, explained down to each answer."""

from dataclasses import dataclass

from django.urls import reverse
from django.views.generic import DetailView

from assessments.domain.questionnaires.spec import QuestionSpec
from assessments.domain.questionnaires.stored import answers_of, stored_questionnaire
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.models import Response, StoredScoreCard, TierAssignment
from assessments.views.surveys.base import survey_crumbs
from dxportal.core.accounts.views.mixins import ScopedMixin

STATES = {"answered": "", "unanswered": "未回答", "hidden": "対象外（条件により表示されない設問）"}


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the card. ``earned`` of ``possible`` points; ``note`` says why there is no answer."""

    question: QuestionSpec
    answer: tuple[str, ...]
    earned: int
    possible: int
    note: str


class ScoreCardDetail(ScopedMixin, DetailView):
    model = StoredScoreCard
    scope = "for_user"
    template_name = "assessments/tiers/card.html"
    context_object_name = "card"

    def get_queryset(self):
        return super().get_queryset().select_related("organization", "run__survey", "run__tier_scheme")

    def get_context_data(self, **kwargs):
        card, survey = self.object, self.object.run.survey
        heading = f"{card.organization}の得点表"
        tiers_url = reverse("assessments:tiers", args=[survey.pk])
        response = Response.objects.for_user(self.request.user).filter(survey=survey, organization=card.organization)
        context = {
            "survey": survey,
            "heading": heading,
            "crumbs": survey_crumbs(survey, ("支援分類", tiers_url), (heading, None)),
            "response": response.first(),
            "sections": sections(card, response.first()),
        }
        return super().get_context_data(**kwargs) | context | self.tier(card)

    def tier(self, card):
        """The tier as it stands and the computed one, as far as the person may see them."""
        rows = TierAssignment.objects.for_user(self.request.user)
        row = rows.filter(classification__run=card.run_id, organization=card.organization).first()
        bands = {one.tier: one for one in tier_rules(card.run.tier_scheme).bands} if card.run.tier_scheme else {}
        own = self.request.user.acting.organization.is_municipality
        return {
            "assignment": row,
            "band": bands.get(row.tier if row else card.tier),
            "computed": None if own else bands.get(card.tier),
        }


def sections(card: StoredScoreCard, response: Response | None) -> list[tuple[dict, list[Line]]]:
    """The card's sections, each with its questions in order; none for imported scores."""
    survey = card.run.survey
    if not survey.questionnaire_id or response is None:
        return [(section, []) for section in card.sections]
    sheet = stored_questionnaire(survey.questionnaire_id)
    answers = answers_of(response, sheet)
    lines = {section.code: [] for section in sheet.spec.sections}
    for question in sheet.spec.questions:
        earned, possible, state = card.questions.get(question.code, (0, 0, "unanswered"))
        given = answer_lines(question, answers.get(question.code)) if state == "answered" else ()
        lines[question.section].append(Line(question, given, earned, possible, STATES[state]))
    return [(section, lines.get(section["code"], [])) for section in card.sections]
