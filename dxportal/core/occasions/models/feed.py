import pghistory
from django.conf import settings
from django.db import models

from dxportal.core.occasions.enums import FeedScope
from dxportal.core.occasions.querysets import FeedQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["secret_digest"],
    model_name="FeedEvent",
)
class CalendarFeed(models.Model):
    """A secret address under which calendar programs read what a membership may read. Only the digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name="利用者"
    )
    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, related_name="calendar_feeds", verbose_name="所属"
    )
    scope = models.CharField("内容", max_length=4, choices=FeedScope, default=FeedScope.ALL)
    secret_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("作成日時", auto_now_add=True)
    renewed_at = models.DateTimeField("アドレスを替えた日時", null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = "カレンダーの配信"
        ordering = ("made_at", "pk")
        constraints = [models.UniqueConstraint(fields=("membership", "scope"), name="calendar_feed_once_for_a_scope")]

    def __str__(self):
        return self.get_scope_display()
