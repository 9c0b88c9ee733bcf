from django.db import models
from django.db.models import F, Q

from assessments.enums import RunState, SurveySource, Tier
from assessments.models.scheme import PriorityScheme, TierScheme
from assessments.models.survey import Survey
from assessments.querysets import ScoreCardQuerySet


class ClassificationRun(models.Model):
    """One computation of a survey's scores and tiers from a frozen input.

    Complete runs never change; ``in_force`` marks the one that pages read (at most one a survey).
    The same ``input_digest`` (answers, questionnaire, schemes) is not computed twice.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="runs", verbose_name="調査")
    tier_scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="+", null=True, verbose_name="分類基準")
    priority_scheme = models.ForeignKey(
        PriorityScheme, models.PROTECT, related_name="+", null=True, verbose_name="優先度基準"
    )
    source = models.CharField("得点の元", max_length=10, choices=SurveySource, default=SurveySource.ANSWERS)
    state = models.CharField("状態", max_length=10, choices=RunState, default=RunState.COMPLETE)
    in_force = models.BooleanField("有効", default=False)
    input_digest = models.CharField("入力のダイジェスト", max_length=64)
    answers_as_of = models.DateTimeField("回答の時点")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    responses = models.PositiveIntegerField("回答団体数", default=0)
    created_at = models.DateTimeField("算定開始", auto_now_add=True)
    completed_at = models.DateTimeField("算定完了", null=True)

    class Meta:
        verbose_name = "算定"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("survey",), condition=Q(in_force=True), name="run_one_in_force"),
            models.UniqueConstraint(
                fields=("survey", "input_digest"), condition=Q(state="complete"), name="run_digest_once"
            ),
            models.CheckConstraint(condition=Q(in_force=False) | Q(state="complete"), name="run_in_force_is_complete"),
        ]

    def __str__(self):
        return f"{self.survey} {self.created_at:%Y-%m-%d %H:%M}"


class StoredScoreCard(models.Model):
    """One municipality's result in one run.

    ``total`` is exact as ``total_numerator / total_denominator``; ``total_rounded`` (half up, one decimal) is for
    lists. ``sections``: [{code, kind, step, title, earned, possible, score: [n, d], rounded, worth}];
    ``questions``: {code: [earned, possible, "answered" | "unanswered" | "hidden"]}.
    """

    run = models.ForeignKey(ClassificationRun, models.CASCADE, related_name="cards")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="score_cards")
    total_numerator = models.PositiveIntegerField()
    total_denominator = models.PositiveIntegerField()
    total_rounded = models.DecimalField("総合点", max_digits=6, decimal_places=1)
    maximum = models.PositiveSmallIntegerField("満点")
    tier = models.PositiveSmallIntegerField("算定の分類", choices=Tier, null=True)
    priority = models.CharField("支援優先度", max_length=4, blank=True, default="")
    supports = models.JSONField("支援内容", default=list)
    sections = models.JSONField(default=list)
    questions = models.JSONField(default=dict)
    answered = models.PositiveSmallIntegerField(default=0)
    unanswered = models.PositiveSmallIntegerField(default=0)

    objects = ScoreCardQuerySet.as_manager()

    class Meta:
        verbose_name = "得点表"
        db_table = "assessments_scorecard"
        ordering = ("run", "-total_rounded", "organization__sort_order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("run", "organization"), name="score_card_once_per_run"),
            models.CheckConstraint(condition=Q(total_denominator__gt=0), name="score_card_denominator_positive"),
            models.CheckConstraint(
                condition=Q(total_numerator__lte=F("maximum") * F("total_denominator")),
                name="score_card_within_maximum",
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.total_rounded}"
