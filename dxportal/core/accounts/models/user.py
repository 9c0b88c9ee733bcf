from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from dxportal.core.accounts import scoping
from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES, Role


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person, known by mail address. What they may do comes only from the membership they act under."""

    email = models.EmailField("メールアドレス", unique=True)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("氏名（カナ）", max_length=100, blank=True, default="")
    phone = models.CharField("電話番号", max_length=30, blank=True, default="")
    extension = models.CharField("内線", max_length=20, blank=True, default="")
    is_active = models.BooleanField("有効", default=True)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "利用者"
        ordering = ("kana", "name", "pk")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self):
        return self.name or self.email

    @property
    def acting(self):
        """The membership the person works under now, or None. The middleware sets it; else the first current one."""
        if not hasattr(self, "_acting"):
            self._acting = scoping.moved_on(self.memberships.current().first()) if self.is_active else None
        return self._acting

    @acting.setter
    def acting(self, membership):
        self._acting = scoping.moved_on(membership)

    @property
    def role(self):
        return self.acting.role if self.acting else None

    @property
    def is_prefecture_admin(self) -> bool:
        return self.role == Role.PREFECTURE_ADMIN

    @property
    def is_prefecture_staff(self) -> bool:
        """Staff or admin of a prefecture: not its consultants or viewers."""
        return self.role in PREFECTURE_ROLES

    @property
    def is_answering(self) -> bool:
        return self.role in ANSWERING_ROLES

    def reach(self, path: str = "organization") -> Q:
        """Rows whose organisation at ``path`` this person may read; see ``scoping.reach``."""
        return scoping.reach(self.acting, path)
