"""Files of a case: added and removed by those who may change it, with the search index in the same transaction."""

import hashlib
from collections.abc import Sequence

from django.db import transaction

from casestudies.domain.contribution.file_types import LARGEST, FileType, RefusedFileError, recognise, safe_name
from casestudies.domain.search import index
from casestudies.models import Attachment, AttachmentContent, Case
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

MOST = 10


def add(case_id: int, files: Sequence, *, user) -> list[Attachment]:
    """Stores uploaded files, all or none. PermissionDenied; NotPossible naming each refused file.

    A file that the case already has (same bytes) is not stored again: a double click does no harm.
    """
    with transaction.atomic():
        case = locked(Case.objects.editable_by(user), case_id)
        read = _read_all(files)
        have = set(case.attachments.values_list("digest", flat=True))
        fresh = {digest: (name, kind, data) for digest, name, kind, data in read if digest not in have}
        if len(have) + len(fresh) > MOST:
            raise NotPossible(f"添付できるのは1件の事例に{MOST}個までです（今は{len(have)}個）。", code="too_many")
        made = [_store(case, user, digest, *one) for digest, one in fresh.items()]
        index.write([case.pk])
    return made


def remove(case_id: int, attachment_id: int, *, user) -> None:
    with transaction.atomic():
        case = locked(Case.objects.editable_by(user), case_id)
        case.attachments.filter(pk=attachment_id).delete()
        index.write([case.pk])


def _read_all(files: Sequence) -> list[tuple[str, str, FileType, bytes]]:
    read, refused = [], []
    for file in files:
        data = file.read(LARGEST + 1)
        try:
            kind = recognise(data)
        except RefusedFileError as error:
            refused.append(f"{file.name}：{error}")
            continue
        read.append((hashlib.sha256(data).hexdigest(), safe_name(file.name, kind), kind, data))
    if refused:
        raise NotPossible(refused, code="refused")
    return read


def _store(case: Case, user, digest: str, name: str, kind: FileType, data: bytes) -> Attachment:
    made = Attachment.objects.create(
        case=case, name=name, content_type=kind.content_type, size=len(data), digest=digest, uploaded_by=user
    )
    AttachmentContent.objects.create(attachment=made, data=data)
    return made
