import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from consultations.enums import QUESTION_TONES, QuestionChannel, QuestionMove, QuestionState
from consultations.models.topic import Remark, Topic
from consultations.querysets import QuestionQuerySet, TownSettingQuerySet
from dxportal.core.workflow.models import MoveLog


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "topic", "state", "channel", "to_towns"],
    model_name="TownQuestionEvent",
)
class TownQuestion(models.Model):
    """A question of a municipality at any time: a topic with what becomes of the question.

    ``remark``: its words, in the topic. ``to_towns``: other towns may be asked, too. ``shared_files``: keys of the topic's
    attachments that came with the question; those who are asked get no others. ``revision`` counts answers and moves, and
    refuses an acceptance by somebody who did not see the last one. Changes only through ``consultations.domain.questions``.
    """

    topic = models.OneToOneField(Topic, models.CASCADE, related_name="question", verbose_name="論点")
    remark = models.OneToOneField(Remark, models.CASCADE, related_name="+", verbose_name="質問の文")
    state = models.CharField("状態", max_length=10, choices=QuestionState, default=QuestionState.OPEN)
    channel = models.CharField("経路", max_length=10, choices=QuestionChannel, default=QuestionChannel.PORTAL)
    to_towns = models.BooleanField("ほかの市町村にも聞く", default=False)
    shared_files = ArrayField(models.BigIntegerField(), verbose_name="質問に添えたファイル", default=list, blank=True)
    shelf_item = models.ForeignKey(
        "consultations.ShelfItem", models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name="資料"
    )
    accepted = models.ForeignKey(
        "consultations.TownAnswer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="解決した回答",
    )
    closed_at = models.DateTimeField("解決・取下げの日時", null=True, blank=True)
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("質問した日時", auto_now_add=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "団体の質問"
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=("created_at",), condition=Q(state="open"), name="town_question_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="town_question_closed_has_time",
            )
        ]

    def __str__(self):
        return self.topic.title

    @property
    def tone(self) -> str:
        return QUESTION_TONES[QuestionState(self.state)]


class TownQuestionTransition(MoveLog):
    """One move of a question, with its reason."""

    question = models.ForeignKey(TownQuestion, models.CASCADE, related_name="transitions", verbose_name="質問")
    move = models.CharField("操作", max_length=10, choices=QuestionMove)
    from_state = models.CharField("前の状態", max_length=10, choices=QuestionState)
    to_state = models.CharField("後の状態", max_length=10, choices=QuestionState)

    class Meta:
        verbose_name = "質問の経過"
        ordering = ("-at", "-pk")

    def __str__(self):
        return f"{self.question_id} {self.move}"


class TownAnswer(models.Model):
    """A remark that answers a question; the topic's other remarks are not for the towns that are asked."""

    question = models.ForeignKey(TownQuestion, models.CASCADE, related_name="answers", verbose_name="質問")
    remark = models.OneToOneField(Remark, models.CASCADE, related_name="+", verbose_name="回答の文")
    created_at = models.DateTimeField("回答した日時", auto_now_add=True)

    class Meta:
        verbose_name = "質問への回答"
        ordering = ("pk",)

    def __str__(self):
        return f"{self.question_id}:{self.remark_id}"


class AskedTown(models.Model):
    """A town that a question is put to. ``reason``: which of its own answers say that it does this."""

    question = models.ForeignKey(TownQuestion, models.CASCADE, related_name="asked_towns", verbose_name="質問")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="asked_questions", verbose_name="尋ねた団体"
    )
    reason = models.CharField("尋ねた理由", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "質問を尋ねた団体"
        ordering = ("question", "pk")
        constraints = [models.UniqueConstraint(fields=("question", "organization"), name="asked_town_once")]

    def __str__(self):
        return f"{self.question_id}:{self.organization_id}"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), fields=["organization", "agreed"], model_name="AskingConsentEvent"
)
class AskingConsent(models.Model):
    """Whether a town agreed to be asked by other towns; without a row it did not."""

    organization = models.OneToOneField(
        "organizations.Organization",
        models.CASCADE,
        primary_key=True,
        related_name="asking_consent",
        verbose_name="団体",
    )
    agreed = models.BooleanField("ほかの市町村からの質問を受ける", default=False)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = TownSettingQuerySet.as_manager()

    class Meta:
        verbose_name = "質問を受ける設定"

    def __str__(self):
        return str(self.organization_id)
