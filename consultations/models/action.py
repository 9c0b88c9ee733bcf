import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.enums import ACTION_TONES, ActionBearer, ActionMove, ActionState
from consultations.querysets import ActionQuerySet
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.models import MoveLog


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision", "created_at", "updated_at"],
    model_name="ActionEvent",
)
class Action(models.Model):
    """A promise: what somebody is to do for a municipality, until which day.

    ``due_day`` is a day in Tokyo; whether it has passed, ``domain.actions.overdue`` alone says. ``closed_at``: when it
    was done or dropped, None while it is open. Knows no fiscal year, so that an open one goes on into the next. Changes
    only through ``consultations.domain.actions``; ``revision`` counts changes of content and refuses stale writes.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="actions", verbose_name="団体"
    )
    title = models.CharField("内容", max_length=200)
    detail = models.TextField("詳しい内容", blank=True, default="")
    bearer = models.CharField("対応する側", max_length=12, choices=ActionBearer)
    section = models.CharField("担当課", max_length=100, blank=True, default="")
    due_day = models.DateField("期限")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name="分野")
    session = models.ForeignKey(
        "consultations.Session", models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name="相談"
    )
    topic = models.ForeignKey(
        "consultations.Topic", models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name="論点"
    )
    state = models.CharField("状態", max_length=8, choices=ActionState, default=ActionState.OPEN)
    result = models.TextField("結果・理由", blank=True, default="")
    closed_at = models.DateTimeField("完了・取りやめの日時", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登録者"
    )
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "アクション"
        ordering = ("due_day", "pk")
        indexes = [
            models.Index(fields=("organization", "due_day"), condition=Q(state="open"), name="action_open_of_town"),
            models.Index(
                fields=("organization", "closed_at"), condition=Q(closed_at__isnull=False), name="action_closed_of_town"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="action_closed_has_time",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def tone(self) -> str:
        return ACTION_TONES[ActionState(self.state)]


class ActionTransition(MoveLog):
    """One move of an action; the comment is the result, or the reason."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="transitions", verbose_name="アクション")
    move = models.CharField("操作", max_length=10, choices=ActionMove)
    from_state = models.CharField("前の状態", max_length=8, choices=ActionState)
    to_state = models.CharField("後の状態", max_length=8, choices=ActionState)

    class Meta:
        verbose_name = "アクションの経過"
        ordering = ("-at", "-pk")

    def __str__(self):
        return f"{self.action_id} {self.move}"
