import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.enums import CONTACT_TONES, ContactState, TopicState
from consultations.models.topic import Topic
from consultations.querysets import ContactRequestQuerySet, DigestQuerySet, PrefectureQuerySet
from dxportal.core.taxonomy.models import Area


class TopicRules(models.Model):
    """How many days a town of the prefecture has: to object to a summary, and to answer who wants to hear more."""

    prefecture = models.OneToOneField(
        "organizations.Organization",
        models.CASCADE,
        primary_key=True,
        related_name="topic_rules",
        verbose_name="都道府県",
    )
    days = models.PositiveSmallIntegerField("異議を受け付ける日数", default=7)
    contact_days = models.PositiveSmallIntegerField("「話を聞きたい」に回答する日数", default=7)

    objects = PrefectureQuerySet.as_manager()

    class Meta:
        verbose_name = "論点の公開の設定"

    def __str__(self):
        return str(self.prefecture_id)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["created_at"],
    model_name="ContactRequestEvent",
)
class ContactRequest(models.Model):
    """A town that read a released topic wants to hear more of the town that it comes from, which agrees or not.

    ``due_day``: the last day (Tokyo) on which the answer is waited for. Changes only through
    ``consultations.domain.topics.sharing.contact``.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="contact_requests", verbose_name="論点")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="contact_requests", verbose_name="依頼した団体"
    )
    message = models.TextField("聞きたいこと", blank=True, default="")
    reply = models.TextField("回答", blank=True, default="")
    state = models.CharField("状態", max_length=10, choices=ContactState, default=ContactState.WAITING)
    due_day = models.DateField("回答の期限")
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="依頼者"
    )
    answerer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="回答者"
    )
    created_at = models.DateTimeField("依頼日時", auto_now_add=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "話を聞きたい"
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=("due_day",), condition=Q(state="waiting"), name="contact_request_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=("topic", "organization"),
                condition=Q(state__in=("waiting", "agreed", "unanswered")),
                name="contact_request_once",
            )
        ]

    def __str__(self):
        return f"{self.topic_id} {self.organization_id}"

    @property
    def tone(self) -> str:
        return CONTACT_TONES[ContactState(self.state)]

    @property
    def subject(self) -> str:
        """What the topic is called to others; nothing of it is told once it is no longer released."""
        return self.topic.summary_title if self.topic.state == TopicState.RELEASED else "公開を取り下げた論点"


class ReleaseDigest(models.Model):
    """Whether a person gets the weekly mail about newly released topics, of which fields, and until when it told them.

    ``told_until`` changes by one conditional UPDATE (``domain.topics.sharing.digest.claim``): whoever changes the row sends.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="release_digest",
        verbose_name="利用者",
    )
    muted = models.BooleanField("受け取らない", default=False)
    areas = models.ManyToManyField(Area, blank=True, related_name="+", verbose_name="分野")
    told_until = models.DateTimeField("最後に知らせた日時", null=True, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = "論点のお知らせの設定"

    def __str__(self):
        return str(self.user_id)
