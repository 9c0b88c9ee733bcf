"""The portal's figures after one submission: processor time, however many years and towns the prefecture has."""

import statistics
import time
from itertools import product
from random import Random

from django.db import transaction

from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.tiers.computation import classify
from assessments.models import Questionnaire, Response, Survey
from bench.figures import Figure
from bench.nation import SEED, YEARS, Writer
from dxportal.core.organizations.models import Organization, Profile
from dxportal.portal.domain.snapshots.refresh import refresh, refresh_responses

FEW, MANY = 30, 179  # municipalities of the demo's prefecture, and of the largest one
YEAR_COUNTS = (1, 10)
ROUNDS = 5
MOST = 150  # milliseconds for few towns
FLAT, RISE = 1.3, 2.5  # how much more ten years may cost, and six times as many towns


def run(few: int = FEW, many: int = MANY, year_counts: tuple[int, int] = YEAR_COUNTS) -> list[Figure]:
    """Milliseconds of processor time in the process that computes; the database's own are not counted."""
    short, long = year_counts
    cost = submissions(list(product((few, many), year_counts)))

    def figure(towns: int, years: int, floor: tuple[int, int] | None, aim: float) -> Figure:
        name = f"figures after one submission: {towns} towns, {years} years of surveys"
        note = f"processor time, median of {ROUNDS}"
        return Figure(name, cost[towns, years], cost[floor] if floor else None, aim, note=note)

    return [
        figure(few, short, None, MOST),
        figure(few, long, (few, short), FLAT),
        figure(many, short, (few, short), RISE),
        figure(many, long, (many, short), FLAT),
    ]


def submissions(worlds: list[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """The median of some submissions in each world (towns, years); all take turns, so that what else the machine does
    falls on all alike. The prefectures are gone again afterwards.
    """
    times: dict[tuple[int, int], list[float]] = {world: [] for world in worlds}
    with transaction.atomic():
        waiting = {world: _prepared(*world) for world in worlds}
        for at in range(ROUNDS + 1):
            for world, responses in waiting.items():
                times[world].append(_submit(responses[at]))
        transaction.set_rollback(True)
    return {world: statistics.median(taken[1:]) for world, taken in times.items()}


def _prepared(town_count: int, year_count: int) -> list[int]:
    """The responses that wait to be submitted, in a prefecture whose figures are there."""
    prefecture, survey = make_prefecture(town_count, year_count)
    refresh(prefecture.pk)
    waiting = Response.objects.filter(survey=survey, state="in_progress").order_by("pk")
    return list(waiting.values_list("pk", flat=True)[: ROUNDS + 1])


def _submit(response_id: int) -> float:
    Response.objects.filter(pk=response_id).update(state="submitted")
    survey_id = Response.objects.values_list("survey", flat=True).get(pk=response_id)
    begun = time.process_time()
    if not refresh_responses(survey_id):
        raise RuntimeError("a submission changed no figure")
    return (time.process_time() - begun) * 1000


def make_prefecture(town_count: int, year_count: int) -> tuple[Organization, Survey]:
    """With a scored survey a year; in the newest one half of the towns have handed in."""
    prefecture = Organization.objects.create(kind="prefecture", name="計測県")
    prefecture.prefecture = prefecture
    prefecture.save()
    bureau = Organization.objects.create(kind="bureau", name="計測局", parent=prefecture, prefecture=prefecture)
    towns = Organization.objects.bulk_create(
        Organization(
            kind="municipality",
            municipality_kind="town",
            name=f"計測{number}町",
            parent=bureau,
            prefecture=prefecture,
            sort_order=number,
        )
        for number in range(town_count)
    )
    years = range(YEARS[-1] - year_count + 1, YEARS[-1] + 1)
    rng = Random(SEED)  # noqa: S311 -- invented data, the same each time
    Profile.objects.bulk_create(
        Profile(organization=town, fiscal_year=year, population=rng.randint(400, 400_000))
        for town in towns
        for year in years
    )
    questionnaire = Questionnaire.objects.get(code="dx-maturity")
    writer = Writer(questionnaire, stored_questionnaire(questionnaire.pk).spec, rng)
    survey = None
    for year in years:
        state = "in_progress" if year == years[-1] else "confirmed"
        survey = writer.survey(prefecture, towns, year, state, previous=survey)
        if state == "in_progress":
            half = list(survey.responses.order_by("pk").values_list("pk", flat=True)[: town_count // 2])
            Response.objects.filter(pk__in=half).update(state="submitted")
        classify(survey.pk)
    return prefecture, survey
