import pghistory
from django.conf import settings
from django.db import models

from casestudies.models.case import Case


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "case", "name", "size", "digest"],
    model_name="AttachmentEvent",
)
class Attachment(models.Model):
    """A file of a case; its bytes are in ``AttachmentContent``, so that lists never read them."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments", verbose_name="事例")
    name = models.CharField("ファイル名", max_length=200)
    content_type = models.CharField("種類", max_length=100)
    size = models.PositiveIntegerField("大きさ（バイト）")
    digest = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        verbose_name = "添付ファイル"
        ordering = ("case", "pk")

    def __str__(self):
        return self.name


class AttachmentContent(models.Model):
    attachment = models.OneToOneField(Attachment, models.CASCADE, primary_key=True, related_name="content")
    data = models.BinaryField("内容")

    class Meta:
        verbose_name = "添付ファイルの内容"

    def __str__(self):
        return str(self.attachment_id)
