import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from assessments.enums import ResponseState
from assessments.models.survey import Survey
from assessments.querysets import ResponseQuerySet
from dxportal.core.workflow.models import MoveLog


@pghistory.track(
    fields=["state", "reopened_questions", "receipt_number", "extended_until", "extension_reason"],
    model_name="ResponseEvent",
    meta={"indexes": [models.Index(fields=("-pgh_created_at",), name="response_event_newest")]},
)
class Response(models.Model):
    """One municipality's answers in one survey (回答票).

    ``state`` changes only through ``assessments.domain.answering.moves``; ``answered`` of ``required`` is kept by saving.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name="調査")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="responses", verbose_name="団体"
    )
    state = models.CharField("状態", max_length=12, choices=ResponseState, default=ResponseState.NOT_STARTED)
    answered = models.PositiveSmallIntegerField("回答済みの必須設問", default=0)
    required = models.PositiveSmallIntegerField("必須設問", default=0)
    reopened_questions = ArrayField(
        models.CharField(max_length=10), verbose_name="差戻し対象の設問", default=list, blank=True
    )
    extended_until = models.DateTimeField("延長後の締切", null=True, blank=True)
    extension_reason = models.TextField("延長の理由", blank=True, default="")
    receipt_number = models.CharField("受付番号", max_length=30, blank=True, default="")
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="提出した人"
    )
    changed_at = models.DateTimeField("最終更新", null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="最終更新者"
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = "回答票"
        ordering = ("survey", "organization__sort_order", "organization__code", "pk")
        constraints = [
            models.UniqueConstraint(fields=("survey", "organization"), name="response_once_per_survey"),
            models.UniqueConstraint(
                fields=("receipt_number",), condition=~models.Q(receipt_number=""), name="response_receipt_once"
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.survey}"

    @property
    def tone(self) -> str:
        return ResponseState(self.state).tone


class ResponseTransition(MoveLog):
    """One move of a response; ``questions`` names what a return reopens (empty: the whole)."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="transitions")
    from_state = models.CharField("前の状態", max_length=12, choices=ResponseState)
    to_state = models.CharField("後の状態", max_length=12, choices=ResponseState)
    role = models.CharField("役割", max_length=20, default="")
    questions = ArrayField(models.CharField(max_length=10), verbose_name="対象の設問", default=list, blank=True)
    on_behalf = models.BooleanField("代行", default=False)

    class Meta(MoveLog.Meta):
        verbose_name = "状態の履歴"
        db_table = "assessments_transition"
