"""A town confirms the record, or says what is not right."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from consultations.domain.sessions.log import towns_of
from consultations.models import Session, SessionReply
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible


def may_reply(session: Session, user: User) -> bool:
    """A town that took part, once the session has taken place."""
    return user.is_answering and session.occasion.took_place and user.acting.organization_id in towns_of(session)


@transaction.atomic
def reply(session_id: int, *, agrees: bool, comment: str, user: User) -> SessionReply:
    """The same again (a double click) gives the one that is there. PermissionDenied, NotPossible."""
    session = Session.objects.for_user(user).select_related("occasion").filter(pk=session_id).first()
    if session is None or not may_reply(session, user):
        raise PermissionDenied
    # One after the other, so that the second of two clicks sees the first's.
    Session.objects.select_for_update(no_key=True).get(pk=session_id)
    if not agrees and not comment.strip():
        raise NotPossible({"comment": "直してほしいところを入力してください。"}, code="comment_required")
    last = session.replies.filter(organization=user.acting.organization_id).first()
    if last is not None and (last.agrees, last.comment) == (agrees, comment.strip()):
        return last
    return SessionReply.objects.create(
        session=session,
        organization=user.acting.organization,
        agrees=agrees,
        comment=comment.strip(),
        by=user,
        by_name=user.name,
    )
