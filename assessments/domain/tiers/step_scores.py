"""Step scores taken over from elsewhere: no answers, only the scores of the four steps; priority and tier by scheme."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.domain.scores.scoring import SectionScore
from assessments.domain.tiers.rules import assess, tier_for
from assessments.domain.tiers.runs import (
    CardRow,
    changeable_classification,
    find_complete,
    fingerprint,
    put_in_force,
    scheme_key,
    store,
    survey_lock,
)
from assessments.domain.tiers.stored_schemes import priority_rules, schemes_of, tier_rules
from assessments.enums import SurveySource, SurveyState
from assessments.models import (
    ClassificationRun,
    PriorityScheme,
    StoredScoreCard,
    Survey,
    TierScheme,
)
from dxportal.core.organizations.fiscal import bounds
from dxportal.core.workflow.errors import NotPossible, Overtaken

WORTH = 30
NEW = "new"
CHANGED = "changed"
UNCHANGED = "unchanged"
GONE = "gone"
CHANGED_MEANWHILE = (
    "確認の間に、この調査の得点がほかの操作で変わりました。何も保存していません。今の得点との違いを確かめてください。"
)
FROM_ANSWERS = "この調査は回答から得点を計算します。得点のファイルは取り込めません。"


# The four steps of the national procedure (総務省「自治体DX全体手順書」).
STEP_TITLES = {
    0: "Step0 認識共有・機運醸成",
    1: "Step1 全体方針の策定",
    2: "Step2 推進体制の整備",
    3: "Step3 取組の実行",
}


@dataclass(frozen=True, slots=True)
class StepScores:
    """One municipality's scores by step number, each from 0 to 30."""

    organization: int
    steps: Mapping[int, Fraction | int]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """What an import would do to a municipality's scores by step; ``old`` or ``new`` is empty where there are none."""

    organization: int
    old: Mapping[int, Fraction | int]
    new: Mapping[int, Fraction | int]

    @property
    def kind(self) -> str:
        if not self.old or not self.new:
            return NEW if self.new else GONE
        return UNCHANGED if self.old == self.new else CHANGED


@dataclass(frozen=True, slots=True)
class ScoresInForce:
    """The scores that pages read now. ``run``: whose they are, 0 where there are none yet."""

    run: int
    rows: Mapping[int, Mapping[int, Fraction]]

    def changes(self, rows: Iterable[StepScores]) -> list[ScoreChange]:
        """In the order of the file, and then what the file lacks: a file replaces all that was there."""
        given = [ScoreChange(row.organization, self.rows.get(row.organization, {}), row.steps) for row in rows]
        kept = {change.organization for change in given}
        return [*given, *(ScoreChange(town, old, {}) for town, old in self.rows.items() if town not in kept)]


def scores_in_force(survey: Survey) -> ScoresInForce:
    run = survey.runs.filter(in_force=True).values_list("pk", flat=True).first() or 0
    cards = StoredScoreCard.objects.filter(run=run).values_list("organization_id", "sections")
    return ScoresInForce(
        run, {town: {part["step"]: Fraction(*part["score"]) for part in sections} for town, sections in cards}
    )


def import_step_scores(
    survey: Survey, rows: Iterable[StepScores], *, job_id=None, seen: int | None = None
) -> ClassificationRun:
    """Stores the scores as the survey's run in force, with priorities and tiers by the survey's schemes.

    Rows replace those of the run before. The same rows under the same schemes give the run that is there.
    NotPossible for a survey that computes its scores from answers, or with the code "frozen" or "busy" (see ``runs``).
    Overtaken where ``seen``, the run (or 0) that somebody compared the rows with, is not the one in force any more.
    """
    if survey.source != SurveySource.IMPORTED:
        raise NotPossible(FROM_ANSWERS)
    # In one order, so that the same rows in another order of the file have the same digest.
    given = sorted(rows, key=lambda row: row.organization)
    with survey_lock(survey.pk):
        changeable_classification(survey)
        # Asked behind the lock: of two people who confirm at once the second sees what the first has stored.
        if seen is not None and seen != scores_in_force(survey).run:
            raise Overtaken(CHANGED_MEANWHILE, None)
        schemes = schemes_of(survey)
        steps = [
            [row.organization, [[step, str(Fraction(row.steps[step]))] for step in sorted(row.steps)]] for row in given
        ]
        head = {"steps": steps, "tiers": scheme_key(schemes[0]), "priority": scheme_key(schemes[1])}
        digest = fingerprint(head)
        run = find_complete(survey, digest) or store(
            survey,
            _cards(given, *schemes),
            tier_scheme=schemes[0],
            priority_scheme=schemes[1],
            source=SurveySource.IMPORTED,
            input_digest=digest,
            answers_as_of=timezone.now(),
            responses=len(given),
            job_id=job_id,
        )
        if not run.in_force:
            put_in_force(survey, run)
    return run


def create_imported(
    *, title: str, fiscal_year: int, tier_scheme: TierScheme | None, priority_scheme: PriorityScheme | None, user
) -> Survey:
    """A survey without answers, whose scores come from a file; NotPossible when the year has its title."""
    if not user.is_prefecture_staff:
        raise PermissionDenied
    first, last = bounds(fiscal_year)
    # Nothing is asked, so it is closed from the start; a survey needs dates, and its own are those of the year.
    survey = Survey(
        prefecture=user.acting.organization,
        source=SurveySource.IMPORTED,
        state=SurveyState.CLOSED,
        title=title,
        fiscal_year=fiscal_year,
        opens_at=timezone.make_aware(dt.datetime.combine(first, dt.time())),
        closes_at=timezone.make_aware(dt.datetime.combine(last, dt.time(23, 59))),
        tier_scheme=tier_scheme,
        priority_scheme=priority_scheme,
    )
    if Survey.objects.filter(
        prefecture=survey.prefecture, fiscal_year=fiscal_year, title=title, round=survey.round
    ).exists():
        raise NotPossible({"title": "同じ年度に、同じ名前の調査があります。別の名前にしてください。"})
    survey.save()
    return survey


def _cards(
    rows: list[StepScores], tier_scheme: TierScheme | None, priority_scheme: PriorityScheme | None
) -> Iterator[CardRow]:
    tiers = tier_rules(tier_scheme) if tier_scheme else None
    priorities = priority_rules(priority_scheme) if priority_scheme else None
    for row in rows:
        # Points are unknown (0 of 0): only the scores were taken over.
        sections = tuple(
            SectionScore(f"step{step}", "step", step, STEP_TITLES[step], 0, 0, Fraction(row.steps[step]), WORTH)
            for step in sorted(row.steps)
        )
        total = sum((section.score for section in sections), Fraction(0))
        yield CardRow(
            row.organization,
            total,
            WORTH * len(sections),
            sections,
            tier=tier_for(tiers, total).tier if tiers else None,
            priority=assess(priorities, row.steps) if priorities else None,
        )
