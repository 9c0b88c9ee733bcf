"""What every attached file holds. A room adds the key of its owner, and has its own tables and its own audit."""

from django.conf import settings
from django.db import models


class AttachedFile(models.Model):
    """A file of something; its bytes are in ``AttachedBytes``, so that lists never read them.

    The concrete model has a key to its owner with ``related_name="attachments"``.
    """

    name = models.CharField("ファイル名", max_length=200)
    content_type = models.CharField("種類", max_length=100)
    size = models.PositiveIntegerField("大きさ（バイト）")
    digest = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class AttachedBytes(models.Model):
    """The concrete model has ``attachment``, a one-to-one key with ``related_name="content"`` as its primary key."""

    data = models.BinaryField("内容")

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.pk)
