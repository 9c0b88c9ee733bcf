"""The demo's surveys: two finished years with published figures, an open one to try, and the Saitama matrix."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.enums import ResponseState, SurveyRound, SurveyState, Visibility
from assessments.models import PriorityScheme, Questionnaire, Survey, TierScheme
from dxportal.core.organizations.models import Group, Organization
from dxportal.portal.demo.answers import AnswerMaker, AnswersByCode
from dxportal.portal.demo.responses import Story, write
from dxportal.portal.demo.world import read

JST = timezone.get_default_timezone()
CONTACT = "みほん県 総務部 デジタル推進課（内線 1234、dx@demo.example）"
_S = ResponseState

# How the thirty towns stand in the open survey, in the order of their codes.
OPEN_STATES = (
    *(_S.CONFIRMED, _S.IN_PROGRESS, _S.SUBMITTED, _S.SUBMITTED, _S.IN_PROGRESS, _S.IN_REVIEW, _S.SUBMITTED),
    *(_S.IN_PROGRESS, _S.NOT_STARTED, _S.SUBMITTED, _S.CONFIRMED, _S.IN_PROGRESS, _S.NOT_STARTED, _S.SUBMITTED),
    *(_S.NOT_STARTED, _S.IN_PROGRESS, _S.RETURNED, _S.SUBMITTED, _S.IN_PROGRESS, _S.NOT_STARTED, _S.IN_REVIEW),
    *(_S.IN_PROGRESS, _S.SUBMITTED, _S.NOT_STARTED, _S.IN_PROGRESS, _S.SUBMITTED, _S.NOT_STARTED, _S.IN_PROGRESS),
    *(_S.NOT_STARTED, _S.SUBMITTED),
)
RETURN = {
    "comment": "計画の策定状況が昨年度と食い違っています。計画の名称と策定年月を確かめて、1-1と2-1を直してください。",
    "questions": ("1-1", "2-1"),
}


@dataclass(frozen=True)
class Years:
    """The surveys whose figures were published, and the one that is open."""

    first_2023: Survey
    first_2024: Survey
    review_2024: Survey
    now: Survey


@dataclass(frozen=True)
class TownResponses:
    """The responses of the towns, in the order of their codes."""

    first_2023: list[AnswersByCode]
    first_2024: list[AnswersByCode]
    review_2024: list[AnswersByCode]


def load_years(prefecture: Organization) -> Years:
    """Three closed surveys whose answers are made up and whose figures are the published ones."""
    towns = list(prefecture.members.municipalities().order_by("code"))
    spec = stored_questionnaire(_questionnaire("dx-maturity", "2024").pk).spec
    by_survey = make(spec, [town.name for town in towns], tier_rules(TierScheme.objects.get(is_default=True)))
    first_2023 = _survey(prefecture, "2023", "令和5年度 市町村DX調査", (2023, 10, 16), (2023, 11, 10))
    first_2024 = _survey(prefecture, "2024", "令和6年度 市町村DX調査", (2024, 4, 22), (2024, 5, 7), previous=first_2023)
    review_2024 = _survey(
        prefecture,
        "2024",
        "令和6年度 市町村DX調査（見直し）",
        (2024, 11, 1),
        (2024, 11, 29),
        previous=first_2024,
        round=SurveyRound.REVIEW,
    )
    for survey, responses in zip(
        (first_2023, first_2024, review_2024),
        (by_survey.first_2023, by_survey.first_2024, by_survey.review_2024),
        strict=True,
    ):
        for town, answers in zip(towns, responses, strict=True):
            write(
                survey,
                stored_questionnaire(survey.questionnaire_id).spec,
                town,
                answers,
                Story(_S.CONFIRMED, survey.opens_at),
            )
    now = _load_open(prefecture, towns, by_survey.review_2024, review_2024)
    return Years(first_2023, first_2024, review_2024, now)


def make(spec: QuestionnaireSpec, names: list[str], tiers) -> TownResponses:
    """Answers whose distributions (April 2024) and tiers (November 2023 and 2024) are the published ones."""
    published = read("published_2024.yaml")
    texts = read("texts.yaml") | {"8-1": names}
    maker = AnswerMaker(spec, len(names), texts)
    first_2024 = maker.responses(published["distributions"])
    return TownResponses(
        first_2023=maker.fit(first_2024, tiers, published["tiers"]["2023-11"], within=(50, 80)),
        first_2024=first_2024,
        review_2024=maker.fit(first_2024, tiers, published["tiers"]["2024-11"], within=(15, 65)),
    )


def _load_open(
    prefecture: Organization, towns: list[Organization], responses: list[AnswersByCode], previous: Survey
) -> Survey:
    """A survey that runs until two weeks from now, with responses in every state."""
    now = timezone.now()
    survey = _survey(prefecture, "2026", "令和8年度 市町村DX調査", None, None, previous=previous)
    spec = stored_questionnaire(survey.questionnaire_id).spec
    for number, (town, answers, state) in enumerate(zip(towns, responses, OPEN_STATES, strict=True)):
        begun = now - dt.timedelta(days=10 - number % 3)
        story = Story(state, begun)
        if state == _S.RETURNED:
            story = replace(story, **RETURN)
        # What has been answered so far: nothing, the first part, or all.
        codes = [question.code for question in spec.questions]
        if state == _S.NOT_STARTED:
            codes = []
        elif state == _S.IN_PROGRESS:
            codes = codes[: 12 + 6 * (number % 8)]
        write(survey, spec, town, {code: answers[code] for code in codes if code in answers}, story)
    return survey


def load_matrix(group: Group) -> Survey:
    """Nine initiatives of six municipalities, present or not, with what was done (FY2022)."""
    survey = Survey.objects.create(
        prefecture=group.prefecture,
        group=group,
        questionnaire=_questionnaire("dx-initiatives", "2022"),
        fiscal_year=2022,
        title="令和4年度 DXの取組一覧（5市1町）",
        opens_at=dt.datetime(2022, 7, 1, tzinfo=JST),
        closes_at=dt.datetime(2022, 12, 28, tzinfo=JST),
        visibility=Visibility.NAMED,
        state=SurveyState.CLOSED,
    )
    spec, initiatives = stored_questionnaire(survey.questionnaire_id).spec, read("saitama.yaml")["initiatives"]
    for town in group.members.order_by("code"):
        answers: AnswersByCode = {}
        for row in initiatives:
            status, text = row["cells"][town.name]
            answers[f"{row['number']}-1"] = AnswerValue(choices=("present" if status == "有" else "absent",))
            if text:
                answers[f"{row['number']}-2"] = AnswerValue(text=text)
        write(survey, spec, town, answers, Story(_S.CONFIRMED, survey.opens_at))
    return survey


def _questionnaire(code: str, version: str) -> Questionnaire:
    return Questionnaire.objects.get(code=code, version=version)


def _survey(prefecture: Organization, version: str, title: str, first, last, **fields) -> Survey:
    """A closed survey between two days; without days one that is open now."""
    now = timezone.localtime()
    midnight = now.replace(hour=23, minute=59, second=0, microsecond=0)
    return Survey.objects.create(
        prefecture=prefecture,
        questionnaire=_questionnaire("dx-maturity", version),
        fiscal_year=int(version),
        title=title,
        opens_at=dt.datetime(*first, 9, tzinfo=JST) if first else now - dt.timedelta(days=20),
        closes_at=dt.datetime(*last, 23, 59, tzinfo=JST) if last else midnight + dt.timedelta(days=14),
        contact=CONTACT,
        state=SurveyState.CLOSED if last else SurveyState.OPEN,
        tier_scheme=TierScheme.objects.get(is_default=True),
        priority_scheme=PriorityScheme.objects.get(is_default=True),
        **fields,
    )
