import pghistory
from django.db import models

from casestudies.models.case import Case
from dxportal.core.files.models import AttachedBytes, AttachedFile


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "case", "name", "size", "digest"],
    model_name="CaseAttachmentEvent",
    meta={"db_table": "casestudies_attachmentevent"},
)
class CaseAttachment(AttachedFile):
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments", verbose_name="事例")

    class Meta:
        verbose_name = "添付ファイル"
        db_table = "casestudies_attachment"
        ordering = ("case", "pk")


class CaseAttachmentContent(AttachedBytes):
    attachment = models.OneToOneField(CaseAttachment, models.CASCADE, primary_key=True, related_name="content")

    class Meta:
        verbose_name = "添付ファイルの内容"
        db_table = "casestudies_attachmentcontent"
