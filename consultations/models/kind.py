import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from consultations.querysets import FrequencyQuerySet, PrefectureQuerySet


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="SessionKindEvent"
)
class SessionKind(models.Model):
    """How a prefecture holds the sessions of a kind in a fiscal year.

    ``code`` is that of the ``OccasionKind``. A year without a row goes on with the last one before it, and where there is
    none with what comes with the portal (``domain.sessions.kinds``). ``attendance``: code of a capacity → "must" or
    "may". ``target`` and ``cap`` are numbers of sessions, of the prefecture and of one town in the year.
    """

    prefecture = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="session_kinds", verbose_name="都道府県"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    code = models.CharField("コード", max_length=40)
    target = models.PositiveIntegerField("年間の目標", null=True, blank=True)
    lead = models.CharField("進行役", max_length=40, blank=True, default="")
    minutes = models.PositiveSmallIntegerField("標準の時間（分）", default=60)
    cap = models.PositiveSmallIntegerField("一団体の年間の上限", null=True, blank=True)
    attendance = models.JSONField("役割ごとの出席", default=dict, blank=True)
    deliverable = models.BooleanField("成果物を残す", default=False)
    years_plan = models.BooleanField("年間計画をまとめて作る", default=False)
    is_active = models.BooleanField("使用する", default=True)

    objects = PrefectureQuerySet.as_manager()

    class Meta:
        verbose_name = "相談の種別"
        ordering = ("prefecture", "fiscal_year", "code")
        constraints = [
            models.UniqueConstraint(fields=("prefecture", "fiscal_year", "code"), name="session_kind_once_a_year")
        ]

    def __str__(self):
        return f"{self.fiscal_year} {self.code}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="FrequencyEvent")
class AgreedFrequency(models.Model):
    """How often a town wants its monthly sessions in a fiscal year: every ``every`` months; 0 is not at all."""

    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="agreed_frequencies", verbose_name="団体"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    every = models.PositiveSmallIntegerField(
        "何か月ごと", default=1, validators=[MinValueValidator(0), MaxValueValidator(12)]
    )
    note = models.CharField("備考", max_length=200, blank=True, default="")

    objects = FrequencyQuerySet.as_manager()

    class Meta:
        verbose_name = "団体と決めた回数"
        ordering = ("organization__sort_order", "fiscal_year")
        constraints = [
            models.UniqueConstraint(fields=("organization", "fiscal_year"), name="agreed_frequency_once_a_year"),
            models.CheckConstraint(condition=models.Q(every__lte=12), name="agreed_frequency_within_a_year"),
        ]

    def __str__(self):
        return f"{self.organization_id} {self.fiscal_year}"
