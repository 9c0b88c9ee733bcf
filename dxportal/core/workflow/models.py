"""What every log of moves holds."""

from django.conf import settings
from django.db import models


class MoveLog(models.Model):
    """One move: from where to where, who, when, why. A room adds the key of the thing and what else it keeps.

    The name is kept beside the account: a log is read after the account is gone.
    """

    from_state = models.CharField("前の状態", max_length=12)
    to_state = models.CharField("後の状態", max_length=12)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="行った人"
    )
    by_name = models.CharField("氏名", max_length=100, default="")
    at = models.DateTimeField("日時", auto_now_add=True)
    comment = models.TextField("コメント", blank=True, default="")

    class Meta:
        abstract = True
        ordering = ("at", "pk")

    def __str__(self):
        return f"{self.from_state}→{self.to_state}"
