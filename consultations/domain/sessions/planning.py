"""Reads what a year's plan needs, and writes it: all or nothing, and only the plan that was shown."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from consultations.domain.actions.workdays import is_day_off
from consultations.domain.sessions.kinds import active_rules
from consultations.domain.sessions.write import SessionDraft, create_many, sessions_of_year
from consultations.domain.sessions.yearplan import PlanFrame, PlannedTown, YearPlan, plan_year
from consultations.models import AgreedFrequency, Session, SkippedMonth
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Assignment, User
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.models import Attendance, BusyPeriod, OccasionBody
from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.fiscal import bounds
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible, Overtaken

CLOCKS = (dt.time(10, 0), dt.time(13, 30), dt.time(15, 30))


@dataclass(frozen=True, slots=True)
class PlanWish:
    """``months``: calendar months (4 … 3) of the fiscal year; ``mode``, ``place`` as of an occasion."""

    year: int
    kind: str
    months: tuple[int, ...]
    towns: tuple[int, ...] = ()
    mode: str = "online"
    place: str = ""


def busy_of(towns: Collection[int]) -> tuple[tuple[dt.date, dt.date], ...]:
    rows = BusyPeriod.objects.filter(organization__in=Organization.objects.line_of(towns))
    return tuple(rows.order_by("first_day").values_list("first_day", "last_day"))


def towns_for(user: User) -> list[Organization]:
    """The municipalities for which the person plans, in their order."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return list(towns.filter(prefecture=user.acting.organization.prefecture_id).order_by("sort_order", "code", "pk"))


def plan(wish: PlanWish, *, user: User) -> YearPlan:
    """What would be made; the number of queries doesn't grow with towns or months."""
    rules = active_rules(user.acting.organization.prefecture_id, wish.year).get(wish.kind)
    if rules is None or not rules.years_plan:
        raise NotPossible("この種別は、年間計画をまとめて作れません。", code="unknown_kind")
    months = [(wish.year + (month < 4), month) for month in sorted(wish.months, key=lambda month: (month + 8) % 12)]
    towns = [town for town in towns_for(user) if not wish.towns or town.pk in wish.towns]
    consultants = consultants_of(towns)
    frame = PlanFrame(
        months=months,
        clocks=CLOCKS,
        minutes=rules.minutes,
        zone=timezone.get_default_timezone(),
        is_off=is_day_off,
        first_day=timezone.localdate() + dt.timedelta(days=1),
        taken=taken_by(set(consultants.values()), wish.year),
    )
    return plan_year(planned_towns(towns, consultants, wish), frame)


def heirs(towns: Sequence[int]) -> dict[int, int]:
    """By the keys of the towns and of those before them, the town that stands there now."""
    lives = read_lives(towns)
    return {before: town for town in towns for before in lives.line_before(town)}


def planned_towns(towns: Sequence[Organization], consultants: dict[int, int], wish: PlanWish) -> list[PlannedTown]:
    keys = [town.pk for town in towns]
    heir = heirs(keys)
    agreed = AgreedFrequency.objects.filter(organization__in=keys, fiscal_year=wish.year)
    every = dict(agreed.values_list("organization", "every"))
    busy: dict[int, list[tuple[dt.date, dt.date]]] = {}
    for town, first, last in BusyPeriod.objects.filter(organization__in=heir).values_list(
        "organization", "first_day", "last_day"
    ):
        busy.setdefault(heir[town], []).append((first, last))
    has: dict[int, set[tuple[int, int]]] = {}
    bodies = OccasionBody.objects.filter(
        organization__in=heir, occasion__in=sessions_of_year(wish.year, wish.kind).values("occasion")
    )
    for town, starts_at in bodies.values_list("organization", "occasion__starts_at"):
        day = timezone.localdate(starts_at)
        has.setdefault(heir[town], set()).add((day.year, day.month))
    skips: dict[int, set[tuple[int, int]]] = {}
    unwanted = SkippedMonth.objects.filter(organization__in=keys, kind=wish.kind, month__range=bounds(wish.year))
    for town, month in unwanted.values_list("organization", "month"):
        skips.setdefault(town, set()).add((month.year, month.month))
    return [
        PlannedTown(
            town.pk,
            town.name,
            consultants.get(town.pk),
            every.get(town.pk, 1),
            tuple(busy.get(town.pk, ())),
            frozenset(has.get(town.pk, ())),
            frozenset(skips.get(town.pk, ())),
        )
        for town in towns
    ]


def consultants_of(towns: Sequence[Organization]) -> dict[int, int]:
    """Who is in charge of each town today: the person's key by the town's. Its own charge before one that goes on."""
    heir = heirs([town.pk for town in towns])
    rows = Assignment.objects.on_day().filter(organization__in=heir, membership__role=Role.CONSULTANT)
    charges = list(rows.order_by("-first_day", "-pk").values_list("organization", "membership__user"))
    return {heir[town]: user for town, user in sorted(charges, key=lambda charge: charge[0] == heir[charge[0]])}


def taken_by(users: Collection[int], year: int) -> dict[int, list[tuple[dt.datetime, dt.datetime]]]:
    """When each person is elsewhere already, from this year's April to the next year's March."""
    start = dt.datetime(year, 4, 1, tzinfo=timezone.get_default_timezone())
    rows = Attendance.objects.filter(
        user__in=users, occasion__starts_at__gte=start, occasion__starts_at__lt=start + dt.timedelta(days=366)
    ).exclude(occasion__state__in=("cancelled", "postponed"))
    taken: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
    for attendance in rows.select_related("occasion"):
        if attendance.user_id:
            taken.setdefault(attendance.user_id, []).append(
                (attendance.occasion.starts_at, attendance.occasion.ends_at)
            )
    return taken


def carry_out(wish: PlanWish, digest: str, *, user: User) -> list[Session]:
    """Makes what the plan of ``digest`` says. Overtaken (with the plan as it is now) where it would be another."""
    with transaction.atomic():
        # One plan of a prefecture at a time: of two confirmations the second finds the first's sessions.
        prefecture = user.acting.organization.prefecture_id
        Organization.objects.select_for_update(no_key=True).get(pk=prefecture)
        now = plan(wish, user=user)
        if now.digest != digest:
            raise Overtaken("表示した後に予定や都合の悪い期間が変わりました。計画を確かめ直してください。", now)
        if not now.slots:
            raise NotPossible("登録する相談がありません。", code="nothing")
        rules = active_rules(prefecture, wish.year)[wish.kind]
        drafts = [
            SessionDraft(
                wish.kind,
                OccasionDraft(
                    title=f"{slot.name} {rules.name}相談",
                    starts_at=slot.starts_at,
                    minutes=rules.minutes,
                    mode=wish.mode,
                    place=wish.place,
                    bodies=(BodyPart(organization=slot.town),),
                ),
            )
            for slot in now.slots
        ]
        sessions = create_many(drafts, user=user)
        # Who is expected; all at once, since a year has hundreds.
        Attendance.objects.bulk_create(
            Attendance(occasion_id=session.occasion_id, user_id=slot.consultant, capacity=rules.lead)
            for session, slot in zip(sessions, now.slots, strict=True)
            if slot.consultant
        )
        return sessions
