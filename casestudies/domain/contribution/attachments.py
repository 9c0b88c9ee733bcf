"""Files of a case: added and removed by those who may change it, with the search index in the same transaction."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from casestudies.domain.search import index
from casestudies.models import Case
from dxportal.core.files.attachments import attach
from dxportal.core.files.models import AttachedFile
from dxportal.core.workflow.moves import locked

NOUN = "1件の事例"


def add(case_id: int, files: Sequence[Any], *, user) -> list[AttachedFile]:
    """Stores uploaded files, all or none. PermissionDenied; NotPossible naming each refused file."""
    with transaction.atomic():
        case = locked(Case.objects.editable_by(user), case_id)
        stored = attach(case, files, user=user, noun=NOUN)
        index.write([case.pk])
    return stored


def remove(case_id: int, attachment_id: int, *, user) -> None:
    with transaction.atomic():
        case = locked(Case.objects.editable_by(user), case_id)
        # Looked for among the locked case's own: the id of another case's file removes nothing.
        case.attachments.filter(pk=attachment_id).delete()
        index.write([case.pk])
