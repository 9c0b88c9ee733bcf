"""Files of a session, for the readers of its record."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from consultations.models import Session
from dxportal.core.accounts.models import User
from dxportal.core.files.attachments import attach
from dxportal.core.files.models import AttachedFile
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

NOUN = "1件の相談"
CONFIRMED = "この相談の記録は確定しています。添付ファイルを変えるときは、先に「確定を取り消す」を押してください。"


def add(session_id: int, files: Sequence[Any], *, user: User) -> list[AttachedFile]:
    """All or none. PermissionDenied; NotPossible naming each refused file, or once the record is confirmed."""
    with transaction.atomic():
        session = open_session(session_id, user)
        return attach(session, files, user=user, noun=NOUN)


def remove(session_id: int, attachment_id: int, *, user: User) -> None:
    with transaction.atomic():
        session = open_session(session_id, user)
        # Looked for among the locked session's own: the id of another one's file removes nothing.
        session.attachments.filter(pk=attachment_id).delete()


def open_session(session_id: int, user: User) -> Session:
    session = locked(Session.objects.editable_by(user), session_id, "occasion")
    if session.occasion.state == OccasionState.CONFIRMED:
        raise NotPossible(CONFIRMED, code="confirmed")
    return session
