"""How the events of preparations and files read."""

from typing import Any

from django.db.models import Q

from consultations.models import Preparation, Session, SessionAttachment
from dxportal.core.history.trail import Trail, events_of


def seen(user: Any) -> Q:
    return Q(session__in=Session.objects.for_user(user))


def title_of(event: Any) -> str:
    return event.session.occasion.title


def place_of(event: Any) -> str:
    return title_of(event).split(" ")[0]


TRAILS = (
    Trail(
        code="session_preparation",
        label="準備のお願い",
        events=events_of(Preparation),
        reach=seen,
        organization="session__occasion__bodies__organization",
        related=("session__occasion",),
        fields=(
            ("考えてきてほしいこと", lambda event: event.questions),
            ("時間の配分", lambda event: event.time_plan),
            ("用意するもの", lambda event: event.to_bring),
        ),
        subject=title_of,
        place=place_of,
        searched=("session__occasion__title", "questions", "time_plan", "to_bring"),
    ),
    Trail(
        code="session_attachment",
        label="相談の添付ファイル",
        events=events_of(SessionAttachment),
        reach=seen,
        organization="session__occasion__bodies__organization",
        related=("session__occasion",),
        fields=(("ファイル名", lambda event: event.name),),
        subject=title_of,
        place=place_of,
        searched=("session__occasion__title", "name"),
    ),
)
