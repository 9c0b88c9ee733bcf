"""A small survey with handed-in answers: あさひ町 has 60 of 60 points, ゆうひ町 18."""

from fractions import Fraction
from types import SimpleNamespace

from assessments.models import Answer, Question, Response, TierScheme
from tests.support import factories as make

BANDS = ((4, "共創", "45"), (3, "協働", "30"), (2, "支援", "15"), (1, "関与", "0"))


FULL = {"0-1": ["yes"], "1-1": ["done"]}


SOME = {"0-1": ["no"], "1-1": ["planned"]}


def make_tier_scheme(code="small-tiers", version=1, bands=BANDS, *, is_default=False):
    rows = [
        {"tier": tier, "name": name, "minimum": minimum, "meaning": f"{name}の意味", "support": f"{name}の内容"}
        for tier, name, minimum in bands
    ]
    return TierScheme.objects.create(
        code=code, version=version, title="小さな基準", data={"bands": rows}, is_default=is_default
    )


def hand_in(survey, organization, choices, *, state="submitted"):
    response = Response.objects.create(survey=survey, organization=organization, state=state)
    answer(response, choices)
    return response


def answer(response, choices):
    questions = {
        question.code: question for question in Question.objects.filter(questionnaire=response.survey.questionnaire_id)
    }
    for code, chosen in choices.items():
        Answer.objects.update_or_create(response=response, question=questions[code], defaults={"choices": chosen})


def small_world(cast):
    survey = make.make_survey(cast.pref, tier_scheme=make_tier_scheme())
    return SimpleNamespace(
        survey=survey,
        full=hand_in(survey, cast.town, FULL),
        some=hand_in(survey, cast.neighbour, SOME, state="confirmed"),
    )


def steps(*scores):
    return {step: Fraction(score) for step, score in enumerate(scores)}
