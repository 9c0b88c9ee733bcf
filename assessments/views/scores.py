"""得点表: a municipality's score, explained down to each answer."""

from dataclasses import dataclass

from django.views.generic import TemplateView

from assessments.domain.questionnaires.spec import QuestionSpec
from assessments.domain.questionnaires.stored import answers_of, stored_questionnaire
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.models import Response, StoredScoreCard, TierAssignment
from assessments.views.surveys.base import survey_crumbs
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.ui.pages import ScopedObject

STATES = {"answered": "", "unanswered": "未回答", "hidden": "対象外（条件により表示されない設問）"}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One question of the card. ``earned`` of ``possible`` points; ``note`` says why there is no answer."""

    question: QuestionSpec
    answer: tuple[str, ...]
    earned: int
    possible: int
    note: str


class ScoreCardDetail(ScopedObject, TemplateView):
    model = StoredScoreCard
    scope = "for_user"
    name = "card"
    related = ("organization", "run__survey", "run__tier_scheme")
    template_name = "assessments/scores/card.html"

    def get_context_data(self, **kwargs):
        card = self.card
        survey = card.run.survey
        recall([(card.organization, survey.day)])
        heading = f"{card.organization.shown}の得点表"
        responses = Response.objects.for_user(self.user).filter(survey=survey, organization=card.organization)
        response = responses.first()
        context = {
            "survey": survey,
            "heading": heading,
            "crumbs": survey_crumbs(survey, ("支援分類", "assessments:tiers", survey.pk), heading),
            "response": response,
            "sections": sections(card, response),
        }
        return super().get_context_data(**context, **self.tier(), **kwargs)

    def tier(self):
        """The tier as it stands and the computed one, as far as the person may see them."""
        card = self.card
        rows = TierAssignment.objects.for_user(self.user)
        assignment = rows.filter(classification__run=card.run_id, organization=card.organization).first()
        bands = {band.tier: band for band in tier_rules(card.run.tier_scheme).bands} if card.run.tier_scheme else {}
        own = self.user.acting.organization.is_municipality
        return {
            "assignment": assignment,
            "band": bands.get(assignment.tier if assignment else card.tier),
            "computed": None if own else bands.get(card.tier),
        }


def sections(card: StoredScoreCard, response: Response | None) -> list[tuple[dict, list[ScoreLine]]]:
    """The card's sections, each with its questions in order; none for imported scores."""
    survey = card.run.survey
    if not survey.questionnaire_id or response is None:
        return [(section, []) for section in card.sections]
    questionnaire = stored_questionnaire(survey.questionnaire_id)
    answers = answers_of(response, questionnaire)
    lines = {section.code: [] for section in questionnaire.spec.sections}
    for question in questionnaire.spec.questions:
        earned, possible, state = card.questions.get(question.code, (0, 0, "unanswered"))
        given = answer_lines(question, answers.get(question.code)) if state == "answered" else ()
        lines[question.section].append(ScoreLine(question, given, earned, possible, STATES[state]))
    return [(section, lines.get(section["code"], [])) for section in card.sections]
