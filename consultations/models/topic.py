import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.enums import (
    TOPIC_TONES,
    RemarkKind,
    TopicAudience,
    TopicMove,
    TopicOrigin,
    TopicState,
)
from consultations.querysets import TopicPartQuerySet, TopicQuerySet
from dxportal.core.files.models import AttachedBytes, AttachedFile
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.models import MoveLog


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision", "slot", "created_at", "updated_at"],
    model_name="TopicEvent",
)
class Topic(models.Model):
    """One matter that a municipality talked about, and the unit of what towns learn from each other.

    Two audiences, never mixed: title, remarks and outcome are for those present and the prefecture; ``summary_title`` and
    ``summary`` are for other towns, once ``state`` is RELEASED. ``release_day``: the first day (Tokyo) on which the clock
    releases a topic that its town was shown and did not object to. ``contact``: the town may be asked to tell more.
    ``slot``: the row of a session's log in which the topic was written first, so that it is made once however often the row
    is sent. Changes only through ``consultations.domain.topics``; ``revision`` counts changes of content and refuses
    stale writes.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="topics", verbose_name="団体"
    )
    session = models.ForeignKey(
        "consultations.Session", models.SET_NULL, null=True, blank=True, related_name="topics", verbose_name="相談"
    )
    origin = models.CharField("きっかけ", max_length=10, choices=TopicOrigin, default=TopicOrigin.SESSION)
    position = models.PositiveSmallIntegerField("並び順", default=0)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="分野")
    title = models.CharField("論点", max_length=200)
    raised_by = models.CharField("話題にした人", max_length=100, blank=True, default="")
    outcome = models.TextField("結果", blank=True, default="")
    audience = models.CharField("公開の範囲", max_length=10, choices=TopicAudience, default=TopicAudience.PREFECTURE)
    state = models.CharField("公開の状態", max_length=10, choices=TopicState, default=TopicState.NOTED)
    summary_title = models.CharField("公開する題名", max_length=200, blank=True, default="")
    summary = models.TextField("公開する要約", blank=True, default="")
    release_day = models.DateField("公開予定日", null=True, blank=True)
    released_at = models.DateTimeField("公開日時", null=True, blank=True)
    contact = models.BooleanField("話を聞きたい団体に連絡先を伝えてよい", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登録者"
    )
    slot = models.CharField("記録の行", max_length=40, blank=True, default="", editable=False)
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "論点"
        ordering = ("session", "position", "pk")
        indexes = [
            models.Index(fields=("organization", "-created_at"), name="topic_of_town"),
            models.Index(fields=("released_at",), condition=Q(state="released"), name="topic_released"),
            models.Index(fields=("release_day",), condition=Q(state="shown"), name="topic_due_for_release"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("shown", "released")) | (~Q(summary_title="") & ~Q(summary="")),
                name="topic_shown_has_summary",
            ),
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(release_day__isnull=False), name="topic_shown_has_release_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | (Q(released_at__isnull=False) & Q(audience="prefecture")),
                name="topic_released_has_time_and_audience",
            ),
            models.UniqueConstraint(fields=("session", "slot"), condition=~Q(slot=""), name="topic_once_a_row"),
        ]

    def __str__(self):
        return self.title

    @property
    def tone(self) -> str:
        return TOPIC_TONES[TopicState(self.state)]


class TopicTransition(MoveLog):
    """One move of a topic towards other towns or back, with its reason."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="transitions", verbose_name="論点")
    move = models.CharField("操作", max_length=10, choices=TopicMove)
    from_state = models.CharField("前の状態", max_length=10, choices=TopicState)
    to_state = models.CharField("後の状態", max_length=10, choices=TopicState)

    class Meta:
        verbose_name = "論点の経過"
        ordering = ("-at", "-pk")

    def __str__(self):
        return f"{self.topic_id} {self.move}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["created_at"],
    model_name="RemarkEvent",
)
class Remark(models.Model):
    """What somebody said about a topic, of one kind. ``organization``: the town that says it; None is the supporting side."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="remarks", verbose_name="論点")
    kind = models.CharField("種類", max_length=10, choices=RemarkKind)
    text = models.TextField("発言")
    position = models.PositiveSmallIntegerField("並び順", default=0)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="remarks",
        verbose_name="発言した団体",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="入力者"
    )
    by_name = models.CharField("氏名", max_length=100, blank=True, default="")
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = TopicPartQuerySet.as_manager()

    class Meta:
        verbose_name = "発言"
        ordering = ("topic", "position", "pk")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]

    def __str__(self):
        return f"{self.topic_id} {self.kind}"


class TopicLink(models.Model):
    """What a topic points to: a case of the library by its key (the app of the cases is not known here), or an address."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="links", verbose_name="論点")
    title = models.CharField("名称", max_length=200, blank=True, default="")
    case = models.PositiveBigIntegerField("事例", null=True, blank=True)
    url = models.URLField("アドレス", max_length=500, blank=True, default="")

    objects = TopicPartQuerySet.as_manager()

    class Meta:
        verbose_name = "論点のリンク"
        ordering = ("topic", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, url="") | (Q(case__isnull=True) & ~Q(url="")),
                name="topic_link_is_case_or_address",
            )
        ]

    def __str__(self):
        return self.title or self.url


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "topic", "name", "size", "digest"],
    model_name="TopicAttachmentEvent",
)
class TopicAttachment(AttachedFile):
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="attachments", verbose_name="論点")

    class Meta:
        verbose_name = "論点の添付ファイル"
        ordering = ("topic", "pk")


class TopicAttachmentContent(AttachedBytes):
    attachment = models.OneToOneField(TopicAttachment, models.CASCADE, primary_key=True, related_name="content")

    class Meta:
        verbose_name = "論点の添付ファイルの内容"
