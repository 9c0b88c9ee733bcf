"""The memo of the supporting side: every reading and writing of it goes through here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from consultations.domain.sessions.texts import conflicts
from consultations.models import Session, SessionMemo
from dxportal.core.accounts.models import User
from dxportal.core.history.actors import Actors
from dxportal.core.history.trail import events_of
from dxportal.core.workflow.errors import Overtaken
from dxportal.core.workflow.moves import locked
from dxportal.core.workflow.texts import TypedText

OVERTAKEN = "入力中にほかの人が書き換えました。"


@dataclass(frozen=True, slots=True)
class MemoVersion:
    at: Any
    who: str
    text: str


def may_read(session: Session, user: User) -> bool:
    return Session.objects.with_memo_for(user).filter(pk=session.pk).exists()


def text_for(session: Session, user: User) -> str | None:
    """None for whoever may not know that there is a memo at all."""
    if not may_read(session, user):
        return None
    return SessionMemo.objects.for_user(user).filter(session=session).values_list("text", flat=True).first() or ""


@transaction.atomic
def save(session_id: int, typed: TypedText, *, user: User) -> str:
    """Stores the text. PermissionDenied; Overtaken (with the conflicts) where somebody else wrote something else."""
    # The session's row is locked, since the memo's may not be there yet.
    session = locked(Session.objects.with_memo_for(user), session_id)
    memo = SessionMemo.objects.filter(session=session).first() or SessionMemo(session=session)
    if wrong := conflicts({"memo": memo.text}, {"memo": typed}):
        raise Overtaken(OVERTAKEN, wrong)
    if memo.text != typed.text:
        memo.text = typed.text
        memo.updated_by = user
        memo.save()
    return memo.text


def versions(session: Session, *, user: User) -> Sequence[MemoVersion]:
    """Newest first; PermissionDenied for whoever may not read the memo."""
    if not may_read(session, user):
        raise PermissionDenied
    rows = events_of(SessionMemo).objects.filter(session=session.pk).select_related("pgh_context")
    events = list(rows.order_by("-pgh_created_at", "-pgh_id")[:100])
    actors = Actors.of(events)
    return [MemoVersion(event.pgh_created_at, actors.who(event), event.text) for event in events]
