"""Makers for what portal pages show: handed-in sheets, runs with cards, classifications."""

from django.utils import timezone

from assessments.domain.questionnaires.stored import answers_of, stored_questionnaire
from assessments.domain.scores.scoring import round1, score
from assessments.models import (
    Answer,
    Classification,
    ClassificationRun,
    Question,
    StoredScoreCard,
    Survey,
    TierAssignment,
)
from casestudies.domain.search import index
from casestudies.models import Case, CasePlace
from dxportal.core.organizations.models import Profile
from dxportal.core.taxonomy.models import Area
from dxportal.portal.domain.snapshots.refresh import refresh
from tests.support import factories as make

TIER_AT = ((30, 4), (20, 3), (10, 2), (0, 1))


def hand_in(survey, organization, *, state="submitted", **answers):
    """A sheet with answers by key: a choice code, a list of them, a text or a number."""
    response = make.make_response(survey, organization, state=state)
    for question in Question.objects.filter(questionnaire=survey.questionnaire, key__in=answers):
        Answer.objects.create(response=response, question=question, **_columns(question, answers[question.key]))
    return response


def _columns(question, value):
    if question.kind == "text":
        return {"text": value}
    if question.kind == "number":
        return {"number": value}
    if question.kind == "matrix":
        return {"rows": value}
    return {"choices": [value] if isinstance(value, str) else list(value)}


def run(survey, *, digest="d1"):
    """A complete run in force over the sheets handed in, by the pure rules."""
    made = ClassificationRun.objects.create(
        survey=survey,
        state="complete",
        in_force=True,
        input_digest=digest,
        answers_as_of=timezone.now(),
        completed_at=timezone.now(),
    )
    sheet = stored_questionnaire(survey.questionnaire_id)
    for response in survey.responses.filter(state__in=("submitted", "confirmed")):
        _card(made, response.organization, score(sheet.spec, answers_of(response, sheet)))
    return made


def _card(made, organization, card):
    sections = [
        {
            "code": one.code,
            "kind": one.kind,
            "step": one.step,
            "title": one.title,
            "earned": one.earned,
            "possible": one.possible,
            "score": [one.score.numerator, one.score.denominator],
            "rounded": str(round1(one.score)),
            "worth": one.worth,
        }
        for one in card.sections
    ]
    return StoredScoreCard.objects.create(
        run=made,
        organization=organization,
        total_numerator=card.total.numerator,
        total_denominator=card.total.denominator,
        total_rounded=round1(card.total),
        maximum=card.maximum,
        tier=next(tier for least, tier in TIER_AT if card.total >= least),
        priority="中",
        supports=["育成取組み"],
        sections=sections,
        questions={one.code: [one.earned, one.possible, one.state] for one in card.questions},
    )


def classify(survey, *, step="computed", names_hidden=True):
    """A classification of the run in force, as computed."""
    made = survey.runs.get(in_force=True)
    row = Classification.objects.create(
        survey=survey,
        run=made,
        step=step,
        names_hidden=names_hidden,
        published_at=timezone.now() if step == "published" else None,
        decided_on=timezone.localdate() if step == "published" else None,
    )
    for card in made.cards.all():
        TierAssignment.objects.create(
            classification=row, organization=card.organization, computed_tier=card.tier, tier=card.tier
        )
    return row


def place(organization, *, year=2024, population=10_000, row=None, column=None):
    return Profile.objects.create(
        organization=organization, fiscal_year=year, population=population, tile_row=row, tile_column=column
    )


def with_areas(questionnaire):
    """Puts each scored question of the small questionnaire into an area of its own."""
    for order, (key, code, name) in enumerate(
        (("defined", "awareness", "認識共有"), ("plan", "policy", "計画・方針")), 1
    ):
        area, _ = Area.objects.get_or_create(code=code, defaults={"name": name, "sort_order": order})
        questionnaire.questions.filter(key=key).update(area=area)


def two_years(cast, *, towns=0, step="published", names_hidden=True, state="closed", visibility="aggregate"):
    """Two surveys of the cast's prefecture with sheets, runs and classifications; the later one is returned.

    ``town`` rises from D to A, ``neighbour`` stays at D; ``towns`` more are added in the bureau.
    """
    sheets = [make.make_questionnaire(fiscal_year=year, code=f"dx{year}") for year in (2023, 2024)]
    everybody = [cast.town, cast.neighbour, *(make.make_municipality(cast.bureau) for _ in range(towns))]
    surveys = []
    for sheet, defined in zip(sheets, ("no", "yes"), strict=True):
        with_areas(sheet)
        survey = make.make_survey(
            cast.pref, sheet, state=state, fiscal_year=sheet.fiscal_year, visibility=visibility,
            title=f"{sheet.fiscal_year}年度調査", previous=surveys[-1] if surveys else None,
        )  # fmt: skip
        for number, one in enumerate(everybody):
            rising = one == cast.town or number > 1
            hand_in(
                survey, one, defined=defined if rising else "no", definition="住民の暮らしから始める",
                plan="done" if rising and defined == "yes" else "none", datasets=number * 10,
            )  # fmt: skip
        run(survey)
        classify(survey, step=step, names_hidden=names_hidden)
        surveys.append(survey)
    for number, one in enumerate(everybody):
        place(one, population=8_000 + number * 100, row=number // 5 + 1, column=number % 5 + 1)
    refresh(cast.pref.pk)
    return Survey.objects.get(pk=surveys[-1].pk)


def forget_sheets():
    """A published questionnaire never changes; a test that changes one must have it read again."""
    stored_questionnaire.cache_clear()


def library_case(title, *, places=(), **values):
    """A published case for all; ``places``: (prefecture, name, kind, population)."""
    values = {"state": "published", "audience": "everyone", "published_at": timezone.now()} | values
    made = Case.objects.create(source_id=f"p-{Case.objects.count() + 1:03}", title=title, summary=title, **values)
    for position, (prefecture, name, kind, population) in enumerate(places):
        CasePlace.objects.create(
            case=made, position=position, prefecture_name=prefecture, name=name, kind=kind, population=population
        )
    index.write([made.pk])
    return made
