"""How the events of sessions read. Of a memo they say that it changed and by whom, never what it says."""

from typing import Any

from django.db.models import Q

from consultations.domain.sessions.texts import LABELS, TEXTS
from consultations.enums import MoveRequestState
from consultations.models import AgreedFrequency, MoveRequest, Session, SessionMemo
from dxportal.core.history.trail import HistoryList, Trail, events_of

CEILING = 10_000


def seen(user: Any) -> Q:
    return Q(session__in=Session.objects.for_user(user))


def title_of(event: Any) -> str:
    return event.session.occasion.title


SESSION_TRAIL = Trail(
    code="session",
    label="相談",
    events=events_of(Session),
    reach=lambda user: Q(pgh_obj__in=Session.objects.for_user(user)),
    organization="occasion__bodies__organization",
    related=("occasion", "kind"),
    fields=(
        ("種別", lambda event: event.kind.name),
        *((LABELS[name], lambda event, name=name: getattr(event, name)) for name in TEXTS),
    ),
    subject=lambda event: event.occasion.title,
    place=lambda event: event.occasion.title.split(" ")[0],
    searched=("occasion__title", *TEXTS),
)
MEMO_TRAIL = Trail(
    code="session_memo",
    label="支援側のメモ",
    events=events_of(SessionMemo),
    # Only those who read the memo learn that it changed; what it says stands in no field and is not searched.
    reach=lambda user: Q(session__in=Session.objects.with_memo_for(user)),
    organization="session__occasion__bodies__organization",
    related=("session__occasion",),
    fields=(),
    subject=title_of,
    place=lambda event: event.session.occasion.title.split(" ")[0],
    searched=("session__occasion__title",),
)
REQUEST_TRAIL = Trail(
    code="move_request",
    label="日程変更の依頼",
    events=events_of(MoveRequest),
    reach=lambda user: seen(user) & user.reach(),
    organization="organization",
    related=("organization", "session__occasion"),
    fields=(
        ("状態", lambda event: MoveRequestState(event.state).label),
        ("理由", lambda event: event.reason),
        ("回答", lambda event: event.answer),
    ),
    subject=title_of,
    place=lambda event: event.organization,
    searched=("session__occasion__title", "organization__name"),
)
FREQUENCY_TRAIL = Trail(
    code="agreed_frequency",
    label="団体と決めた回数",
    events=events_of(AgreedFrequency),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization",),
    fields=(("何か月ごと", lambda event: str(event.every)), ("備考", lambda event: event.note)),
    subject=lambda event: f"{event.fiscal_year}年度",
    place=lambda event: event.organization,
    searched=("organization__name",),
)
TRAILS = (SESSION_TRAIL, MEMO_TRAIL, REQUEST_TRAIL, FREQUENCY_TRAIL)


def of_session(session: Session) -> HistoryList:
    """The record's changes; the memo is not among them, since towns read this page."""
    return HistoryList([(SESSION_TRAIL, SESSION_TRAIL.events.objects.filter(pgh_obj=session.pk))], CEILING)
