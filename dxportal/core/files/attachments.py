"""Attaching files to something, and handing them out."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from dxportal.core.files.file_types import LARGEST, FileType, RefusedFileError, recognise, safe_name
from dxportal.core.files.models import AttachedFile
from dxportal.core.unseen import UNSEEN
from dxportal.core.workflow.errors import NotPossible

MOST = 10


def attach(owner: models.Model, files: Sequence[Any], *, user: Any, noun: str, most: int = MOST) -> list[AttachedFile]:
    """Stores uploaded files among ``owner.attachments``, all or none; what was stored. NotPossible names each refused one.

    The caller has locked ``owner``, so that two uploads at once don't exceed ``most``, and has asked for the right to
    change it. ``noun``: what holds the files, for the sentence (「1件の事例」). A file that is already there (same
    bytes) is not stored again: a double click does no harm.
    """
    attachments: Any = owner.attachments  # type: ignore[attr-defined]
    present = set(attachments.values_list("digest", flat=True))
    fresh: dict[str, tuple[str, FileType, bytes]] = {}
    refused: list[str] = []
    for file in files:
        data = file.read(LARGEST + 1)  # one byte more tells that it is too large, whatever else there is
        try:
            kind = recognise(data)
        except RefusedFileError as error:
            refused.append(f"{UNSEEN.sub('', file.name)}：{error}")
            continue
        digest = hashlib.sha256(data).hexdigest()
        if digest not in present:
            fresh.setdefault(digest, (safe_name(file.name, kind), kind, data))
    # Nothing is stored before every file has been looked at: all or none.
    if refused:
        raise NotPossible({"files": refused})
    if len(present) + len(fresh) > most:
        raise NotPossible({"files": f"添付できるのは{noun}に{most}個までです（今は{len(present)}個）。"})
    contents = attachments.model._meta.get_field("content").related_model
    stored = []
    for digest, (name, kind, data) in fresh.items():
        attachment = attachments.create(
            name=name, content_type=kind.content_type, size=len(data), digest=digest, uploaded_by=user
        )
        contents.objects.create(attachment=attachment, data=data)
        stored.append(attachment)
    return stored


def download(attachment: Any) -> HttpResponse:
    """The bytes, to be saved. Never shown inside the portal's own pages, never sniffed, never kept by a proxy.

    Who may have them, the view asks: those who may see the owner.
    """
    response = HttpResponse(bytes(attachment.content.data), content_type=attachment.content_type)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
