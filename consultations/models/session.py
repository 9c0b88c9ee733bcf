import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from consultations.enums import MOVE_REQUEST_TONES, MoveRequestState
from consultations.querysets import MemoQuerySet, MoveRequestQuerySet, SessionQuerySet
from dxportal.core.occasions.models import Occasion, OccasionKind


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision", "created_at", "updated_at"],
    model_name="SessionEvent",
)
class Session(models.Model):
    """What an occasion was about: the record for those present and the prefecture.

    Date, place, bodies and attendance are the occasion's. The memo of the supporting side is a table of its own, so that
    nothing that reads sessions can read it by mistake. Changes only through ``consultations.domain.sessions``;
    ``revision`` counts them.
    """

    occasion = models.OneToOneField(Occasion, models.PROTECT, related_name="session", verbose_name="会合")
    kind = models.ForeignKey(OccasionKind, models.PROTECT, related_name="sessions", verbose_name="種別")
    record = models.TextField("記録", blank=True, default="")
    decisions = models.TextField("決まったこと", blank=True, default="")
    requests = models.TextField("県への要望", blank=True, default="")
    next_meeting = models.CharField("次回", max_length=200, blank=True, default="")
    deliverable = models.TextField("成果物", blank=True, default="")
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "相談"
        ordering = ("occasion__starts_at", "pk")

    def __str__(self):
        return str(self.occasion)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["updated_at"],
    model_name="SessionMemoEvent",
)
class SessionMemo(models.Model):
    """What the supporting side writes for itself: never for bureau staff or towns, in no list, file, mail or feed."""

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="memo", verbose_name="相談")
    text = models.TextField("メモ", blank=True, default="")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="更新者"
    )
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = MemoQuerySet.as_manager()

    class Meta:
        verbose_name = "支援側のメモ"

    def __str__(self):
        return str(self.session_id)


class SessionReply(models.Model):
    """A town says that the record is right, or what is not."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="replies", verbose_name="相談")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="session_replies", verbose_name="団体"
    )
    agrees = models.BooleanField("記録のとおり", default=True)
    comment = models.TextField("コメント", blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="入力者"
    )
    by_name = models.CharField("氏名", max_length=100, default="")
    at = models.DateTimeField("日時", auto_now_add=True)

    class Meta:
        verbose_name = "団体の確認"
        ordering = ("-at", "-pk")

    def __str__(self):
        return f"{self.organization_id} {self.session_id}"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="MoveRequestEvent"
)
class MoveRequest(models.Model):
    """A town asks for another time and proposes some; the consultant takes one of them or says why not."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="move_requests", verbose_name="相談")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="move_requests", verbose_name="団体"
    )
    reason = models.TextField("理由", blank=True, default="")
    proposed = ArrayField(models.DateTimeField(), verbose_name="候補の日時")
    state = models.CharField("状態", max_length=10, choices=MoveRequestState, default=MoveRequestState.OPEN)
    answer = models.TextField("回答", blank=True, default="")
    by_name = models.CharField("依頼者", max_length=100, default="")
    created_at = models.DateTimeField("依頼日時", auto_now_add=True)

    objects = MoveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "日程変更の依頼"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("session", "organization"), condition=models.Q(state="open"), name="move_request_open_once"
            )
        ]

    def __str__(self):
        return f"{self.session_id} {self.state}"

    @property
    def tone(self) -> str:
        return MOVE_REQUEST_TONES[MoveRequestState(self.state)]
