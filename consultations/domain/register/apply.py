"""Writes past sessions and actions that were read from a workbook: all of them or none, none twice."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from consultations.domain.actions.write import bearers_for, towns_for
from consultations.domain.sessions.texts import TEXTS
from consultations.domain.sessions.write import SessionDraft, create_many
from consultations.enums import SUPPORTING_ROLES, ActionState
from consultations.models import Action, ActionTransition, Session
from dxportal.core.accounts.models import User
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.enums import OccasionMove, OccasionState
from dxportal.core.occasions.models import Occasion, OccasionTransition
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import Overtaken

OVERTAKEN = "ファイルを確かめた後に、同じ相談かアクションが登録されました。もう一度ファイルを選んでください。"
Row = Mapping[str, Any]
SessionKey = tuple[str, dt.datetime, frozenset[tuple[str, int]]]
ActionKey = tuple[int, str, dt.date, str]


def session_key(row: Row) -> SessionKey:
    """What makes two rows the same session: its kind, its beginning and whose it is."""
    bodies = {("organization", pk) for pk in row["organizations"]} | {("group", pk) for pk in row["groups"]}
    return row["kind"], dt.datetime.fromisoformat(row["starts_at"]), frozenset(bodies)


def stored_sessions(rows: Iterable[Row], *, user: User) -> dict[SessionKey, int]:
    """Those in reach that begin when one of the rows does: their keys; three queries."""
    moments = {dt.datetime.fromisoformat(row["starts_at"]) for row in rows}
    stored = Session.objects.for_user(user).filter(occasion__starts_at__in=moments)
    stored = stored.select_related("kind", "occasion").prefetch_related("occasion__bodies")
    keys: dict[SessionKey, int] = {}
    for session in stored:
        bodies = session.occasion.bodies.all()
        parts = {("organization", body.organization_id) for body in bodies if body.organization_id}
        parts |= {("group", body.group_id) for body in bodies if body.group_id}
        keys[session.kind.code, session.occasion.starts_at, frozenset(parts)] = session.pk
    return keys


def action_key(row: Row) -> ActionKey:
    return row["organization"], row["title"], dt.date.fromisoformat(row["due_day"]), row["bearer"]


def stored_actions(rows: Sequence[Row], *, user: User) -> set[ActionKey]:
    towns = {row["organization"] for row in rows}
    actions = Action.objects.for_user(user).filter(organization__in=towns, title__in={row["title"] for row in rows})
    return set(actions.values_list("organization", "title", "due_day", "bearer"))


@transaction.atomic
def apply(sessions: Sequence[Row], actions: Sequence[Row], *, user: User) -> tuple[int, int]:
    """How many of each. PermissionDenied; NotPossible (a kind's cap, a town out of reach); Overtaken where somebody else
    entered one of them since."""
    if user.role not in SUPPORTING_ROLES:
        raise PermissionDenied
    # One register at a time: of two imports of the same rows the second finds the first's.
    Organization.objects.select_for_update(no_key=True).get(pk=user.acting.organization.prefecture_id)
    if stored_sessions(sessions, user=user).keys() & {session_key(row) for row in sessions}:
        raise Overtaken(OVERTAKEN, None)
    if stored_actions(actions, user=user) & {action_key(row) for row in actions}:
        raise Overtaken(OVERTAKEN, None)
    by_label = write_sessions(sessions, user) if sessions else {}
    write_actions(actions, by_label, user)
    return len(sessions), len(actions)


def write_sessions(rows: Sequence[Row], user: User) -> dict[str, int]:
    """The new sessions' keys by what the file calls them."""
    created = create_many([draft_of(row) for row in rows], user=user)
    for session, row in zip(created, rows, strict=True):
        for name in TEXTS:
            setattr(session, name, row[name])
    Session.objects.bulk_update(created, TEXTS)
    pairs = list(zip(created, rows, strict=True))
    for state in (OccasionState.HELD, OccasionState.CONFIRMED):
        keys = [session.occasion_id for session, row in pairs if row["state"] == state]
        Occasion.objects.filter(pk__in=keys).update(state=state)
    who = {"by": user, "by_name": user.name, "comment": "取込み"}
    steps = []
    for session, row in pairs:
        here = {"occasion_id": session.occasion_id, **who}
        states = [OccasionState.PLANNED, OccasionState.HELD, OccasionState.CONFIRMED]
        steps.append(OccasionTransition(move=OccasionMove.HOLD, from_state=states[0], to_state=states[1], **here))
        if row["state"] == OccasionState.CONFIRMED:
            steps.append(
                OccasionTransition(move=OccasionMove.CONFIRM, from_state=states[1], to_state=states[2], **here)
            )
    OccasionTransition.objects.bulk_create(steps)
    return {row["label"]: session.pk for session, row in pairs if row["label"]}


def draft_of(row: Row) -> SessionDraft:
    bodies = [BodyPart(organization=pk) for pk in row["organizations"]] + [BodyPart(group=pk) for pk in row["groups"]]
    plain = {name: row[name] for name in ("title", "minutes", "mode", "place")}
    starts_at = dt.datetime.fromisoformat(row["starts_at"])
    return SessionDraft(row["kind"], OccasionDraft(starts_at=starts_at, bodies=tuple(bodies), **plain))


def write_actions(rows: Sequence[Row], by_label: Mapping[str, int], user: User) -> None:
    towns = set(towns_for(user).values_list("pk", flat=True))
    if any(row["organization"] not in towns or row["bearer"] not in bearers_for(user) for row in rows):
        raise PermissionDenied
    named = {row["session"] for row in rows if row["session"]}
    if named - set(Session.objects.editable_by(user).filter(pk__in=named).values_list("pk", flat=True)):
        raise PermissionDenied
    plain = ("title", "bearer", "section", "detail", "state", "result")
    actions = [
        Action(
            organization_id=row["organization"],
            session_id=row["session"] or by_label.get(row["label"]),
            area_id=row["area"],
            due_day=dt.date.fromisoformat(row["due_day"]),
            closed_at=closing(row),
            created_by=user,
            **{name: row[name] for name in plain},
        )
        for row in rows
    ]
    Action.objects.bulk_create(actions)
    moves = {ActionState.DONE: "carry_out", ActionState.DROPPED: "drop"}
    ActionTransition.objects.bulk_create(
        ActionTransition(
            action=action,
            move=moves[ActionState(action.state)],
            from_state=ActionState.OPEN,
            to_state=action.state,
            by=user,
            by_name=user.name,
            comment=action.result,
        )
        for action in actions
        if action.state != ActionState.OPEN
    )


def closing(row: Row) -> dt.datetime | None:
    """Noon of the day: the register knows no time."""
    if not row["closed_day"]:
        return None
    return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(row["closed_day"]), dt.time(12)))
