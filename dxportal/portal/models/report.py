"""What towns say of the support, and what the year's report tells of its results."""

import pghistory
from django.db import models
from django.db.models import Q

from dxportal.portal.querysets import ReportResultQuerySet, SupportSurveyQuerySet, SupportVoiceQuerySet


def tracked(name: str):
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, exclude=["revision"], model_name=name)


class SupportSurvey(models.Model):
    """Once a year the towns of a prefecture are asked about the support itself, until the end of ``closes_on``."""

    prefecture = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="support_surveys", verbose_name="都道府県"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    closes_on = models.DateField("締切日")

    objects = SupportSurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "支援についての調査"
        ordering = ("prefecture", "-fiscal_year")
        constraints = [models.UniqueConstraint(fields=("prefecture", "fiscal_year"), name="support_survey_once_a_year")]

    def __str__(self):
        return f"{self.fiscal_year}年度"


@tracked("SupportVoiceEvent")
class SupportVoice(models.Model):
    """What a town says in one year's survey, by subject; "" where it says nothing."""

    survey = models.ForeignKey(SupportSurvey, models.PROTECT, related_name="voices", verbose_name="調査")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="support_voices", verbose_name="団体"
    )
    overall = models.TextField("事業全般", blank=True, default="")
    monthly = models.TextField("月例オンラインよろず相談", blank=True, default="")
    exchange = models.TextField("チャットツールの活用", blank=True, default="")
    wishes = models.TextField("要望・改善してほしいこと", blank=True, default="")
    by_name = models.CharField("回答した人", max_length=100, default="")
    at = models.DateTimeField("回答日時", auto_now=True)
    revision = models.PositiveIntegerField("版", default=1, editable=False)

    objects = SupportVoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "支援についての声"
        ordering = ("survey", "organization__sort_order", "organization__code", "pk")
        constraints = [
            models.UniqueConstraint(fields=("survey", "organization"), name="support_voice_once_a_survey"),
            models.CheckConstraint(
                condition=~Q(overall="", monthly="", exchange="", wishes=""), name="support_voice_says_something"
            ),
        ]

    def __str__(self):
        return f"{self.survey_id} {self.organization_id}"


@tracked("ReportResultEvent")
class ReportResult(models.Model):
    """One result of a year for the report: what was made (output), and what that changed (outcome)."""

    prefecture = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="report_results", verbose_name="都道府県"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    order = models.PositiveSmallIntegerField("並び順", default=0)
    title = models.CharField("成果の名前", max_length=100)
    output = models.TextField("アウトプット", blank=True, default="")
    outcome = models.TextField("アウトカム", blank=True, default="")
    revision = models.PositiveIntegerField("版", default=1, editable=False)

    objects = ReportResultQuerySet.as_manager()

    class Meta:
        verbose_name = "報告書の成果"
        ordering = ("prefecture", "fiscal_year", "order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("prefecture", "fiscal_year", "title"), name="report_result_title_once_a_year"
            )
        ]

    def __str__(self):
        return self.title
