import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.enums import ClassificationStep, Tier
from assessments.models.run import ClassificationRun
from assessments.models.survey import Survey
from assessments.querysets import ClassificationQuerySet, TierAssignmentQuerySet
from dxportal.core.workflow.models import MoveLog


class Classification(models.Model):
    """The way of one survey's tiers to a decision: 算定 → ヒアリング調整 → 案 → 決定・公表.

    ``step`` changes only through ``assessments.domain.tiers.moves``.
    """

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="classification", verbose_name="調査")
    run = models.ForeignKey(ClassificationRun, models.PROTECT, related_name="+", verbose_name="元の算定")
    step = models.CharField("段階", max_length=10, choices=ClassificationStep, default=ClassificationStep.COMPUTED)
    decided_on = models.DateField("分類の基準日", null=True, blank=True)
    published_at = models.DateTimeField("公表日時", null=True, blank=True)
    names_hidden = models.BooleanField("市町村名を秘匿して公表", default=True)

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        verbose_name = "支援分類"
        constraints = [
            models.CheckConstraint(
                condition=~Q(step="published") | Q(published_at__isnull=False), name="classification_published_has_time"
            )
        ]

    def __str__(self):
        return f"{self.survey}の支援分類"


@pghistory.track()
class TierAssignment(models.Model):
    """A municipality's tier in a classification: as computed, and as it stands after hearings.

    ``adjusted_from`` is the computed tier that the adjustment was made against: when a later run computes another
    one, the adjustment stays and is flagged. ``revision`` counts the changes by hand.
    """

    classification = models.ForeignKey(Classification, models.CASCADE, related_name="assignments")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="tier_assignments")
    computed_tier = models.PositiveSmallIntegerField("算定の分類", choices=Tier)
    tier = models.PositiveSmallIntegerField("分類", choices=Tier)
    reason = models.TextField("調整の理由", blank=True, default="")
    adjusted_from = models.PositiveSmallIntegerField("調整したときの算定", choices=Tier, null=True, blank=True)
    revision = models.PositiveIntegerField("改訂", default=1)
    adjusted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="調整した人"
    )
    adjusted_at = models.DateTimeField("調整日時", null=True, blank=True)

    objects = TierAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "団体の支援分類"
        ordering = ("-tier", "organization__sort_order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("classification", "organization"), name="tier_assignment_once"),
            models.CheckConstraint(condition=Q(tier=F("computed_tier")) | ~Q(reason=""), name="tier_change_has_reason"),
        ]

    def __str__(self):
        return f"{self.organization} {self.get_tier_display()}"

    @property
    def is_adjusted(self) -> bool:
        return self.adjusted_from is not None

    @property
    def needs_review(self) -> bool:
        """Adjusted, and computed differently since."""
        return self.is_adjusted and self.adjusted_from != self.computed_tier


class ClassificationTransition(MoveLog):
    """One step of a classification, with the run on which it rested."""

    classification = models.ForeignKey(Classification, models.CASCADE, related_name="transitions")
    run = models.ForeignKey(ClassificationRun, models.PROTECT, null=True, related_name="+", verbose_name="元の算定")
    from_state = models.CharField("前の段階", max_length=10, choices=ClassificationStep, db_column="from_step")
    to_state = models.CharField("後の段階", max_length=10, choices=ClassificationStep, db_column="to_step")

    class Meta(MoveLog.Meta):
        verbose_name = "支援分類の履歴"
        db_table = "assessments_classificationmove"
