"""One dated meeting of bodies, and the log of its moves."""

import datetime as dt
import uuid

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from dxportal.core.occasions.enums import (
    OCCASION_TONES,
    TOOK_PLACE,
    OccasionMode,
    OccasionMove,
    OccasionState,
)
from dxportal.core.occasions.querysets import OccasionQuerySet
from dxportal.core.workflow.models import MoveLog

LONGEST = 24 * 60


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["uid", "sequence", "revision", "created_at", "updated_at"],
    model_name="OccasionEvent",
)
class Occasion(models.Model):
    """One dated meeting, whatever it is: a consultation, a training, a group's meeting, or several of these at once.

    What is special about it hangs on it elsewhere (a session, an event: each at most once); as what it counts,
    ``OccasionCount`` says. Changes only through ``dxportal.core.occasions.domain``: every change raises ``revision``,
    and those that a calendar must see raise ``sequence`` too. A postponed one points to the one held in its place.
    """

    prefecture = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="occasions", verbose_name="都道府県"
    )
    title = models.CharField("件名", max_length=200)
    starts_at = models.DateTimeField("開始日時")
    minutes = models.PositiveSmallIntegerField(
        "時間（分）", default=60, validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )
    mode = models.CharField("開催方法", max_length=8, choices=OccasionMode, default=OccasionMode.ONSITE)
    place = models.CharField("会場", max_length=200, blank=True, default="")
    address = models.URLField("接続先のアドレス", max_length=500, blank=True, default="")
    agenda = models.TextField("議題・次第", blank=True, default="")
    state = models.CharField("状態", max_length=10, choices=OccasionState, default=OccasionState.PLANNED)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="振替先"
    )
    uid = models.UUIDField("カレンダーの番号", default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField("カレンダーの版", default=0, editable=False)
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = "会合"
        ordering = ("starts_at", "pk")
        indexes = [models.Index(fields=("prefecture", "starts_at"), name="occasion_by_day")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=LONGEST), name="occasion_within_a_day"),
            models.CheckConstraint(condition=~Q(title=""), name="occasion_has_title"),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(state="postponed"), name="occasion_replaced_is_postponed"
            ),
            models.CheckConstraint(condition=~Q(replaced_by=F("pk")), name="occasion_not_replaced_by_itself"),
        ]

    def __str__(self):
        return self.title

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def day(self) -> dt.date:
        """The local day on which it starts."""
        return timezone.localdate(self.starts_at)

    @property
    def tone(self) -> str:
        return OCCASION_TONES[OccasionState(self.state)]

    @property
    def took_place(self) -> bool:
        return self.state in TOOK_PLACE


class OccasionTransition(MoveLog):
    """One move of an occasion, with its reason."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="transitions", verbose_name="会合")
    move = models.CharField("操作", max_length=10, choices=OccasionMove)
    from_state = models.CharField("前の状態", max_length=10, choices=OccasionState)
    to_state = models.CharField("後の状態", max_length=10, choices=OccasionState)

    class Meta:
        verbose_name = "会合の経過"
        ordering = ("-at", "-pk")

    def __str__(self):
        return f"{self.occasion_id} {self.move}"
