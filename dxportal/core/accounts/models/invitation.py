import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.querysets import InvitationQuerySet


@pghistory.track(exclude=["token_digest"])
class Invitation(models.Model):
    """A mailed link that makes a membership. Only the token's digest is kept."""

    class State(models.TextChoices):
        OPEN = "open", "承諾待ち"
        ACCEPTED = "accepted", "承諾済み"
        REVOKED = "revoked", "取消済み"
        EXPIRED = "expired", "期限切れ"

        @property
        def tone(self) -> str:
            return {"open": "blue", "accepted": "green", "expired": "orange"}.get(self.value, "gray")

    email = models.EmailField("メールアドレス")
    name = models.CharField("氏名", max_length=100)
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="invitations", verbose_name="組織"
    )
    role = models.CharField("役割", max_length=20, choices=Role)
    first_day = models.DateField("開始日")
    last_day = models.DateField("終了日", null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="招待した人"
    )
    created_at = models.DateTimeField("招待日時", auto_now_add=True)
    expires_at = models.DateTimeField("有効期限")
    accepted_at = models.DateTimeField("承諾日時", null=True, blank=True)
    revoked_at = models.DateTimeField("取消日時", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "招待"
        ordering = ("-created_at",)

    def __str__(self):
        return f"{self.email}（{self.organization}）"

    @property
    def state(self) -> "Invitation.State":
        """What became of the link, by now."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN
