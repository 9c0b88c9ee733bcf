import datetime as dt

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from assessments.enums import SurveyRound, SurveySource, SurveyState, Visibility
from assessments.models.questionnaire import Questionnaire
from assessments.querysets import SurveyQuerySet


@pghistory.track(
    fields=["title", "questionnaire", "group", "opens_at", "closes_at", "contact", "visibility", "state", "auto_open"],
    model_name="SurveyEvent",
)
class Survey(models.Model):
    """A questionnaire put to a prefecture's municipalities, or to a group's.

    ``state`` changes only through ``assessments.domain.surveys.moves``. A survey of imported scores has no questionnaire.
    """

    prefecture = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="surveys", verbose_name="都道府県"
    )
    group = models.ForeignKey(
        "organizations.Group",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="surveys",
        verbose_name="対象グループ",
    )
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name="調査票"
    )
    source = models.CharField("得点の元", max_length=10, choices=SurveySource, default=SurveySource.ANSWERS)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    round = models.CharField("回", max_length=10, choices=SurveyRound, default=SurveyRound.FIRST)
    title = models.CharField("調査名", max_length=200)
    opens_at = models.DateTimeField("受付開始")
    closes_at = models.DateTimeField("締切")
    auto_open = models.BooleanField("受付開始の日時に自動で開始する", default=False)
    contact = models.TextField("問合せ先", blank=True, default="")
    visibility = models.CharField(
        "市町村どうしの公開範囲", max_length=10, choices=Visibility, default=Visibility.AGGREGATE
    )
    state = models.CharField("状態", max_length=10, choices=SurveyState, default=SurveyState.DRAFT)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="比較する調査"
    )
    tier_scheme = models.ForeignKey(
        "assessments.TierScheme", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分類基準"
    )
    priority_scheme = models.ForeignKey(
        "assessments.PriorityScheme", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="優先度基準"
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "調査"
        ordering = ("-fiscal_year", "-opens_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="survey_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(source="imported") ^ Q(questionnaire__isnull=False),
                name="survey_answers_need_questionnaire",
            ),
            models.UniqueConstraint(fields=("prefecture", "fiscal_year", "title", "round"), name="survey_title_once"),
        ]

    def __str__(self):
        return self.title

    @property
    def day(self) -> dt.date:
        """Who lived on it is asked, and named as on it: the day of its opening."""
        return timezone.localdate(self.opens_at)

    @property
    def tone(self) -> str:
        return SurveyState(self.state).tone

    @property
    def name_with_round(self) -> str:
        """The title, with the round where the title does not say it."""
        rounds = self.get_round_display()
        return self.title if rounds in self.title else f"{self.title}（{rounds}）"
