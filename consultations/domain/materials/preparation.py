"""What a town is asked to prepare for a session."""

from dataclasses import dataclass

from django.db import transaction

from consultations.models import Preparation, Session
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

OVERTAKEN = "入力中にほかの人が準備のお願いを書き換えました。"
PARTS = ("questions", "time_plan", "to_bring")


@dataclass(frozen=True, slots=True)
class PreparationContent:
    """``questions``: to think about before; ``time_plan``: how the time is spent; ``to_bring``: what is to be there."""

    questions: str = ""
    time_plan: str = ""
    to_bring: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.questions or self.time_plan or self.to_bring)


def content_of(row: Preparation | None) -> PreparationContent:
    return PreparationContent(**{name: getattr(row, name) for name in PARTS}) if row else PreparationContent()


def stored(session: Session) -> Preparation | None:
    return Preparation.objects.filter(session=session).first()


def last_like(session: Session, user: User) -> Preparation | None:
    """What was asked for the last session of the kind that the person sees: most of it is asked again.

    Of the same towns before others, since a list may name what is that town's alone.
    """
    rows = Preparation.objects.for_user(user).filter(
        session__kind=session.kind_id, session__occasion__starts_at__lt=session.occasion.starts_at
    )
    bodies = session.occasion.bodies.values("organization")
    return (
        rows.filter(session__occasion__bodies__organization__in=bodies)
        .order_by("-session__occasion__starts_at")
        .first()
    )


def save(session_id: int, content: PreparationContent, *, revision: int, user: User) -> Preparation:
    """Stores what somebody wrote who saw ``revision`` (0: nothing yet); the same again changes nothing.

    PermissionDenied; NotPossible once the session is no longer planned; Overtaken with the row as it is now.
    """
    with transaction.atomic():
        # The session's row is locked, since the list's own may not be there yet.
        session = locked(Session.objects.editable_by(user), session_id, "occasion")
        row = stored(session)
        if row is not None and content_of(row) == content:
            return row
        if (row.revision if row else 0) != revision:
            raise Overtaken(OVERTAKEN, row)
        if session.occasion.state != OccasionState.PLANNED:
            raise NotPossible("この相談は予定ではないため、準備のお願いを変えられません。", code="over")
        row = row or Preparation(session=session, revision=0)
        for name in PARTS:
            setattr(row, name, getattr(content, name))
        row.revision += 1
        row.updated_by = user
        row.save()
        return row
