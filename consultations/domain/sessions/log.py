"""Logging a session: its texts, who was there, what was promised last time and what is promised now, in one go."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from consultations.domain.actions import moves as action_moves
from consultations.domain.actions import write as action_write
from consultations.domain.actions.write import ActionContent
from consultations.domain.materials import attachments
from consultations.domain.sessions import memo, write
from consultations.domain.sessions.texts import LABELS, LIMIT, LIMITS, TEXTS, conflicts
from consultations.domain.topics import log as topic_log
from consultations.domain.topics import write as topic_write
from consultations.domain.topics.content import TopicContent
from consultations.domain.topics.log import TypedTopic
from consultations.enums import ActionMove, ActionState, TopicOrigin
from consultations.models import Action, Session, Topic
from dxportal.core.accounts.models import User
from dxportal.core.occasions.domain import attendance
from dxportal.core.occasions.domain import moves as occasion_moves
from dxportal.core.occasions.domain import write as occasions
from dxportal.core.occasions.domain.draft import Guest
from dxportal.core.occasions.domain.planning import Wish, warnings_for
from dxportal.core.occasions.enums import CALLED_OFF, OccasionMove, OccasionState
from dxportal.core.occasions.models import Occasion
from dxportal.core.organizations.models import Organization
from dxportal.core.unseen import unseen
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked
from dxportal.core.workflow.texts import TypedText

OVERTAKEN = "入力中にほかの人が書き換えた欄があります。"


@dataclass(frozen=True, slots=True)
class NewAction:
    organization: int
    content: ActionContent


@dataclass(frozen=True, slots=True)
class SessionLog:
    """What one form says. ``ticked``: keys of open actions that are done, with what came of them. ``revision``: of the
    occasion that the person saw. ``memo``: None where the person has none to write.
    ``next_at``: when the same bodies meet again; None where that is open."""

    texts: Mapping[str, TypedText]
    starts_at: dt.datetime
    minutes: int
    mode: str
    place: str
    revision: int
    guests: Sequence[Guest] = ()
    ticked: Mapping[int, str] | None = None
    new_actions: Sequence[NewAction] = ()
    topics: Sequence[TypedTopic] = ()
    memo: TypedText | None = None
    held: bool = False
    files: Sequence[Any] = ()
    next_at: dt.datetime | None = None


def texts_of(session: Session) -> dict[str, str]:
    return {name: getattr(session, name) for name in TEXTS}


def save_text(session_id: int, name: str, typed: TypedText, *, user: User) -> str:
    """One text, as it is typed. PermissionDenied; NotPossible; Overtaken with the conflicts. Gives what is stored."""
    if name == "memo":
        check_text(name, typed.text)
        return memo.save(session_id, typed, user=user)
    with transaction.atomic():
        session = locked(Session.objects.editable_by(user), session_id, "occasion")
        write_texts(session, {name: typed})
        return getattr(session, name)


def write_texts(session: Session, typed: Mapping[str, TypedText]) -> None:
    """In a transaction, the session locked: all of them or none."""
    stored = texts_of(session)
    if wrong := conflicts(stored, typed):
        raise Overtaken(OVERTAKEN, wrong)
    changed = {name: entry.text for name, entry in typed.items() if entry.text != stored[name]}
    if not changed:
        return
    require_open(session)
    for name, text in changed.items():
        check_text(name, text)
        setattr(session, name, text)
    session.revision += 1
    session.save()


def require_open(session: Session) -> None:
    if session.occasion.state == OccasionState.CONFIRMED:
        raise NotPossible(
            "この相談の記録は確定しています。直すときは、先に「確定を取り消す」を押してください。", code="confirmed"
        )


def check_text(name: str, text: str) -> None:
    """Also for what a script sends, which no form looked at."""
    if sentence := unseen(text):
        raise NotPossible(f"「{LABELS.get(name, name)}」の{sentence}", code="unseen")
    limit = LIMITS.get(name, LIMIT)
    if len(text) > limit:
        raise NotPossible(f"「{LABELS.get(name, name)}」は{limit:,}文字以内で入力してください。", code="too_long")


def save(session_id: int, log: SessionLog, *, user: User) -> Session:
    """All of it or nothing; sent twice it happens once. PermissionDenied; NotPossible; Overtaken with the conflicts."""
    with transaction.atomic():
        # Locked first: whoever comes second waits, and then sees what the first one stored.
        session = locked(Session.objects.editable_by(user), session_id, "occasion")
        write_texts(session, log.texts)
        write_topics(session, log.topics, user)
        if log.memo is not None:
            memo.save(session_id, log.memo, user=user)
        write_occasion(session, log, user)
        for pk, result in (log.ticked or {}).items():
            tick(pk, result, user)
        for new in log.new_actions:
            action = action_write.create(new.organization, new.content, user=user)
            Action.objects.filter(pk=action.pk).update(session=session)
        if log.files:
            attachments.add(session_id, log.files, user=user)
        if log.next_at is not None:
            plan_next(session, log.next_at, user)
    session.refresh_from_db()
    return session


def plan_next(session: Session, starts_at: dt.datetime, user: User) -> Session:
    """The session of the same kind and bodies at that time, made where there is none yet. NotPossible by field."""
    occasion = Occasion.objects.prefetch_related("bodies", "counts__kind").get(pk=session.occasion_id)
    if starts_at <= occasion.starts_at:
        raise NotPossible({"next_day": "次回は、今回より後の日時を入力してください。"}, code="next_before")
    draft = occasions.draft_of(occasion)
    keys = {part.key for part in draft.bodies}
    at_that_time = Session.objects.for_user(user).filter(kind=session.kind_id, occasion__starts_at=starts_at)
    at_that_time = at_that_time.exclude(occasion__state__in=CALLED_OFF).prefetch_related("occasion__bodies")
    for other in at_that_time:
        if {occasions.part_of(body).key for body in other.occasion.bodies.all()} == keys:
            return other
    again = replace(draft, starts_at=starts_at, agenda="", kinds=(session.kind.code,))
    return write.create(write.SessionDraft(session.kind.code, again), user=user, carried=draft.bodies)


def conflicts_of(session: Session, starts_at: dt.datetime, user: User) -> list[str]:
    """What stands in the way of the same bodies meeting then, a sentence each; of the session made for it nothing."""
    occasion = Occasion.objects.prefetch_related("bodies", "counts__kind").get(pk=session.occasion_id)
    again = Session.objects.for_user(user).filter(kind=session.kind_id, occasion__starts_at=starts_at)
    key = again.filter(occasion__title=occasion.title).values_list("occasion", flat=True).first()
    people = [row.user_id for row in occasion.attendances.all() if row.user_id and row.capacity]
    wish = Wish(replace(occasions.draft_of(occasion), starts_at=starts_at), frozenset(people), key=key)
    return [warning.sentence for warning in warnings_for([wish], user=user)[0]]


def save_topic_text(session_id: int, key: str, name: str, typed: TypedText, organization: int, *, user: User) -> str:
    """One text of a topic, as it is typed; of a new row the first one makes the topic. Gives what is stored."""
    with transaction.atomic():
        # The session is locked, not the topic, which may not be there yet: of two saves of a row one makes it.
        session = locked(Session.objects.editable_by(user), session_id, "occasion")
        if organization not in towns_of(session):
            raise NotPossible("団体を選んでください。", code="no_town")
        before = topic_log.stored(session, key, user)
        unchanged = before is not None and topic_log.texts_of(before)[name] == typed.text
        if not unchanged:
            require_open(session)
        return topic_log.save_text(session, key, name, typed, organization, user=user)


def write_topics(session: Session, rows: Sequence[TypedTopic], user: User) -> None:
    """In a transaction, the session locked: all of them or none."""
    towns = towns_of(session) if rows else []
    for row in rows:
        if row.organization and row.organization not in towns:
            raise NotPossible("この相談の団体を選んでください。", code="no_town")
        if topic_log.save_row(session, row, user=user):
            require_open(session)


def write_occasion(session: Session, log: SessionLog, user: User) -> None:
    occasion = session.occasion
    draft = replace(
        occasions.draft_of(occasion), starts_at=log.starts_at, minutes=log.minutes, mode=log.mode, place=log.place
    )
    if draft != occasions.draft_of(occasion):
        occasion = occasions.change(occasion.pk, draft, user=user, revision=log.revision)
    attendance.record(occasion.pk, log.guests, user=user)
    if log.held and occasion.state == OccasionState.PLANNED:
        occasion_moves.make_move(occasion.pk, OccasionMove.HOLD, user=user)


def tick(action_id: int, result: str, user: User) -> None:
    """Done; one that somebody else closed meanwhile stays as it is."""
    check_text("結果", result)
    action = locked(Action.objects.editable_by(user), action_id)
    if action.state == ActionState.OPEN:
        action_moves.make_move(action_id, ActionMove.CARRY_OUT, user=user, result=result)


def last_before(session: Session, user: User) -> Session | None:
    """The session of the same towns before this one: what was decided then stands at the beginning of the form."""
    towns = Organization.objects.line_of(towns_of(session))
    rows = Session.objects.for_user(user).filter(occasion__starts_at__lt=session.occasion.starts_at)
    rows = rows.filter(occasion__bodies__organization__in=towns, occasion__state__in=("held", "confirmed"))
    return rows.select_related("occasion").order_by("-occasion__starts_at", "-pk").first()


def towns_of(session: Session) -> list[int]:
    """The municipalities that take part by themselves or as members of a group, or who stands in their place today."""
    bodies = session.occasion.bodies.filter(organization__kind="municipality").values_list("organization", flat=True)
    members = session.occasion.bodies.filter(group__isnull=False).values_list("group__members", flat=True)
    taking_part = [*bodies, *(pk for pk in members if pk)]
    today = Organization.objects.today(taking_part).values_list("pk", flat=True)
    return sorted(today, key=lambda pk: taking_part.index(pk) if pk in taking_part else len(taking_part))


def may_propose(session: Session, user: User) -> bool:
    """A town that takes part says what it wants to talk about, until the session was held; no queries for others."""
    coming = session.occasion.state == OccasionState.PLANNED and user.is_answering and user.acting is not None
    return coming and user.acting.organization_id in towns_of(session)


def propose(session_id: int, content: TopicContent, *, user: User) -> Topic:
    """A topic for a coming session. PermissionDenied; NotPossible once it was held or called off."""
    with transaction.atomic():
        session = locked(Session.objects.for_user(user), session_id, "occasion")
        if not user.acting or not user.is_answering or user.acting.organization_id not in towns_of(session):
            raise PermissionDenied
        if session.occasion.state != OccasionState.PLANNED:
            raise NotPossible("論点を提案できるのは、これから行う相談だけです。", code="not_planned")
        return topic_write.create(
            user.acting.organization_id, content, user=user, session=session, origin=TopicOrigin.PROPOSED
        )


def is_due(session: Session) -> bool:
    """Whether its day has come."""
    return session.occasion.day <= timezone.localdate()
