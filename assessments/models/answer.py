import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from assessments.models.questionnaire import Question
from assessments.models.response import Response


@pghistory.track(meta={"indexes": [models.Index(fields=("-pgh_created_at",), name="answer_event_newest")]})
class Answer(models.Model):
    """One answer in typed columns; a ranking keeps its choices in order, a matrix its rows as {row: choice}.

    ``revision`` counts the saves: a write that names an older revision is refused.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    choices = ArrayField(models.CharField(max_length=20), verbose_name="選択", default=list, blank=True)
    text = models.TextField("記述", blank=True, default="")
    number = models.DecimalField("数値", max_digits=14, decimal_places=2, null=True, blank=True)
    rows = models.JSONField("表の回答", default=dict, blank=True)
    note = models.TextField("メモ", blank=True, default="")
    revision = models.PositiveIntegerField("改訂", default=1)
    updated_at = models.DateTimeField("更新日時", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="更新者"
    )
    on_behalf = models.BooleanField("県による代行入力", default=False)

    class Meta:
        verbose_name = "回答"
        constraints = [models.UniqueConstraint(fields=("response", "question"), name="answer_once_per_question")]

    def __str__(self):
        return f"{self.response_id}:{self.question_id}"
