"""Which towns do something in an area, as their own answers say: plain values for the questions of the consultations."""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments.domain.questionnaires.stored import stored_questionnaire, value_from
from assessments.domain.scores.scoring import ANSWERED, score
from assessments.enums import HANDED_IN_STATES
from assessments.models import Answer, Question, Response
from consultations.domain.questions.doers import Doer
from dxportal.core.organizations.models import Organization

MOST_NAMED = 3  # answers in a reason


def doers(prefecture: int, area: int) -> list[Doer]:
    """Towns whose newest handed-in sheet with questions of the area earns all points of one of them; most of them first.

    What a town answered is told to nobody but that town, as the reason for asking it.
    """
    of_area = Question.objects.filter(questionnaire=OuterRef("survey__questionnaire"), area=area, max_points__gt=0)
    rows = Response.objects.filter(
        Exists(of_area),
        state__in=HANDED_IN_STATES,
        organization__prefecture=prefecture,
        organization__in=Organization.objects.municipalities().living(timezone.localdate()),
    )
    newest = list(
        rows.select_related("survey", "organization")
        .order_by("organization_id", "-survey__fiscal_year", "-survey__closes_at", "-pk")
        .distinct("organization_id")
    )
    wanted: dict[int, set[str]] = defaultdict(set)
    for questionnaire, code in Question.objects.filter(area=area).values_list("questionnaire", "code"):
        wanted[questionnaire].add(code)
    values = answers_by_response(newest)
    reasons: list[tuple[int, Response, list[str]]] = []
    for response in newest:
        sheet = response.survey.questionnaire_id
        if sheet is None:  # such a survey has no questions of the area, and no row here
            continue
        spec = stored_questionnaire(sheet).spec
        # Conditions decide what was asked at all, so that a leftover answer of a hidden question says nothing.
        earned = score(spec, values[response.pk]).questions
        full = [
            f"{item.code} {spec.question(item.code).short}"
            for item in earned
            if item.code in wanted[sheet] and item.state == ANSWERED and 0 < item.possible == item.earned
        ]
        if full:
            reasons.append((len(full), response, full))
    ranked = sorted(reasons, key=lambda row: (-row[0], row[1].organization.sort_order, row[1].organization_id))
    return [Doer(response.organization_id, in_words(response, full)) for _, response, full in ranked]


def in_words(response: Response, full: list[str]) -> str:
    more = f"ほか{len(full) - MOST_NAMED}問" if len(full) > MOST_NAMED else ""
    return f"{response.survey.name_with_round}の回答：{'、'.join(full[:MOST_NAMED])}{more}"


def answers_by_response(responses: list[Response]) -> dict[int, dict]:
    """One query for all of them."""
    values: dict[int, dict] = defaultdict(dict)
    rows = Answer.objects.filter(response__in=responses).values_list(
        "response", "question__code", "choices", "text", "number", "rows"
    )
    for response, code, choices, text, number, matrix in rows:
        values[response][code] = value_from(choices, text, number, matrix)
    return values
