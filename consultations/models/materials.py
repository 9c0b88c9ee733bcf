"""What is at hand around a session: the list that a town prepares by, files, blocks of text."""

import pghistory
from django.conf import settings
from django.db import models

from consultations.models.session import Session
from consultations.querysets import SessionPartQuerySet, SnippetQuerySet
from dxportal.core.files.models import AttachedBytes, AttachedFile


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision", "updated_at"],
    model_name="PreparationEvent",
)
class Preparation(models.Model):
    """What a town is asked to prepare for a session. Changes only through ``consultations.domain.materials``."""

    session = models.OneToOneField(
        Session, models.CASCADE, primary_key=True, related_name="preparation", verbose_name="相談"
    )
    questions = models.TextField("考えてきてほしいこと", blank=True, default="")
    time_plan = models.TextField("時間の配分", blank=True, default="")
    to_bring = models.TextField("用意するもの", blank=True, default="")
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="更新者"
    )
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = SessionPartQuerySet.as_manager()

    class Meta:
        verbose_name = "準備のお願い"

    def __str__(self):
        return str(self.session_id)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "session", "name", "size", "digest"],
    model_name="SessionAttachmentEvent",
)
class SessionAttachment(AttachedFile):
    session = models.ForeignKey(Session, models.CASCADE, related_name="attachments", verbose_name="相談")

    class Meta:
        verbose_name = "相談の添付ファイル"
        ordering = ("session", "pk")


class SessionAttachmentContent(AttachedBytes):
    attachment = models.OneToOneField(SessionAttachment, models.CASCADE, primary_key=True, related_name="content")

    class Meta:
        verbose_name = "相談の添付ファイルの内容"


class Snippet(models.Model):
    """A block of text for the forms of sessions: of its owner, or (without one) of all who support the prefecture's towns."""

    prefecture = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="snippets", verbose_name="都道府県"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="snippets", verbose_name="持ち主"
    )
    title = models.CharField("名前", max_length=60)
    text = models.TextField("文章")
    revision = models.PositiveIntegerField("版", default=1, editable=False)

    objects = SnippetQuerySet.as_manager()

    class Meta:
        verbose_name = "定型文"
        ordering = ("title", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("prefecture", "owner", "title"), name="snippet_title_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="snippet_says_something"),
        ]

    def __str__(self):
        return self.title

    @property
    def shared(self) -> bool:
        return self.owner_id is None
