"""Synthetic national data: 47 prefectures, 1,741 municipalities, 3 surveys, about 66 answers a sheet."""

import datetime as dt
import json
from dataclasses import dataclass
from random import Random

from django.db import connection
from django.utils import timezone

from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.models import Answer, Question, Questionnaire, Response, Survey
from bench.database import without_triggers
from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.models import Group, Organization, Profile

PREFECTURES = 47
MUNICIPALITIES = 1741
YEARS = (2024, 2025, 2026)
NATIONWIDE = 2025  # one survey over all; in the other years each prefecture has its own
SEED = 1741


def load(
    spec: QuestionnaireSpec,
    questionnaire: Questionnaire,
    *,
    prefecture_count: int = PREFECTURES,
    town_count: int = MUNICIPALITIES,
) -> None:
    """Everything, by bulk statements; the answers by COPY."""
    rng = Random(SEED)  # noqa: S311 -- invented data, the same each time
    prefectures, towns = people(rng, prefecture_count, town_count)
    nation = Group.objects.create(prefecture=prefectures[0], name="全国")
    nation.members.set(towns)
    write = Writer(questionnaire, spec, rng)
    write.survey(prefectures[0], towns, NATIONWIDE, "confirmed", group=nation)
    for prefecture in prefectures:
        own = [town for town in towns if town.prefecture_id == prefecture.pk]
        before = write.survey(prefecture, own, YEARS[0], "confirmed")
        state = "in_progress" if prefecture is prefectures[0] else "submitted"
        write.survey(prefecture, own, YEARS[-1], state, previous=before)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def people(rng: Random, prefecture_count: int, town_count: int) -> tuple[list[Organization], list[Organization]]:
    """Prefectures and municipalities, each with somebody."""
    prefectures, towns = _organizations(rng, prefecture_count, town_count)
    _people(prefectures, towns)
    return prefectures, towns


def _organizations(rng: Random, count: int, town_count: int) -> tuple[list[Organization], list[Organization]]:
    prefectures = []
    for number in range(1, count + 1):
        prefecture = Organization.objects.create(kind="prefecture", name=f"第{number}県", code=f"{number:02d}0000")
        prefecture.prefecture = prefecture
        prefecture.save()
        prefectures.append(prefecture)
    bureaus = Organization.objects.bulk_create(
        Organization(kind="bureau", name=f"第{index}振興局", parent=prefecture, prefecture=prefecture, sort_order=index)
        for prefecture in prefectures
        for index in range(6)
    )
    towns = Organization.objects.bulk_create(_town(number, bureaus) for number in range(town_count))
    Profile.objects.bulk_create(
        Profile(organization=town, fiscal_year=year, population=rng.randint(400, 400_000), staff=rng.randint(40, 2500))
        for town in towns
        for year in YEARS
    )
    return prefectures, towns


def _town(number: int, bureaus: list[Organization]) -> Organization:
    bureau = bureaus[number % len(bureaus)]
    return Organization(
        kind="municipality",
        municipality_kind="town",
        name=f"第{number}町",
        code=f"5{number:05d}",
        parent=bureau,
        prefecture=bureau.prefecture,
        sort_order=number,
    )


def _people(prefectures: list[Organization], towns: list[Organization]) -> None:
    """A staff member for each prefecture and an officer for each municipality."""
    places = [*((prefecture, "prefecture_staff") for prefecture in prefectures), *((town, "officer") for town in towns)]
    users = User.objects.bulk_create(
        User(email=f"person{number}@bench.example", name=f"利用者{number}") for number in range(len(places))
    )
    Membership.objects.bulk_create(
        Membership(user=user, organization=place, role=role, first_day=dt.date(2023, 4, 1))
        for user, (place, role) in zip(users, places, strict=True)
    )


@dataclass
class Writer:
    """Writes surveys with a full answer sheet for each municipality."""

    questionnaire: Questionnaire
    spec: QuestionnaireSpec
    rng: Random

    def survey(self, prefecture, towns, year, state, *, group=None, previous=None) -> Survey:
        """``state``: of all its responses; a year before the last is closed."""
        last, now = year == YEARS[-1], timezone.now()
        survey = Survey.objects.create(
            prefecture=prefecture,
            group=group,
            previous=previous,
            questionnaire=self.questionnaire,
            fiscal_year=year,
            title=f"{year}年度 市町村DX調査",
            opens_at=now - dt.timedelta(days=30),
            closes_at=now + dt.timedelta(days=30 if last else -10),
            state="open" if last else "closed",
        )
        self._answers(
            Response.objects.bulk_create(
                Response(survey=survey, organization=town, state=state, changed_at=now) for town in towns
            )
        )
        return survey

    def _answers(self, responses: list[Response]) -> None:
        """By COPY, without history."""
        table = Answer._meta.db_table
        with connection.cursor() as cursor:
            # Without it the foreign keys are checked by a plan made while the tables were empty.
            cursor.execute(f"ANALYZE {Response._meta.db_table}, {Question._meta.db_table}")
            with without_triggers(Answer):
                self._copy(cursor, table, responses)

    def _copy(self, cursor, table: str, responses: list[Response]) -> None:
        ids = dict(self.questionnaire.questions.values_list("code", "pk"))
        columns = "response_id, question_id, choices, text, number, rows, note, revision, updated_at, on_behalf"
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for response in responses:
                for question in self.spec.questions:
                    copy.write_row(_row(response.pk, ids[question.code], question, self.rng))


def _row(response_id: int, question_id: int, question: QuestionSpec, rng: Random) -> tuple:
    choices, text, number, rows = [], "", None, {}
    codes = [choice.code for choice in question.choices]
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        choices = [rng.choice(codes)]
    elif question.kind == QuestionKind.RANKING:
        choices = rng.sample(codes, len(question.weights))
    elif question.kind == QuestionKind.MATRIX:
        rows = {row.code: rng.choice(codes) for row in question.rows}
    elif question.kind == QuestionKind.NUMBER:
        number = rng.randint(0, 500)
    else:
        text = "取組の内容を書いた文"
    return (response_id, question_id, choices, text, number, json.dumps(rows), "", 1, timezone.now(), False)
