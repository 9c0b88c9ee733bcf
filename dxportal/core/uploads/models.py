import uuid

from django.db import models

from dxportal.core.uploads.enums import UploadState
from dxportal.core.uploads.querysets import UploadQuerySet


class Upload(models.Model):
    """A file and what was read from it, until it is confirmed or some hours have gone.

    ``kind`` names its reader, ``params`` what that needs besides the file. ``data`` is emptied as soon as it is read.
    ``read`` is what the reader gave; ``problem`` a sentence where the file as a whole could not be taken.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="uploads")
    kind = models.CharField("種類", max_length=60)
    params = models.JSONField("引数", default=dict)
    name = models.CharField("ファイル名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    data = models.BinaryField("内容", default=bytes)
    state = models.CharField("状態", max_length=10, choices=UploadState, default=UploadState.WAITING)
    read = models.JSONField("読み取った内容", default=dict)
    problem = models.CharField("読み取れない理由", max_length=500, blank=True, default="")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField("受付日時", auto_now_add=True, db_index=True)
    taken_at = models.DateTimeField("取込日時", null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "取込みファイル"

    def __str__(self):
        return self.name

    @property
    def waits(self) -> bool:
        return self.state == UploadState.WAITING
