"""Making a session, and the moves of its occasion as far as they are the session's."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet

from consultations.domain.sessions.kinds import active_rules, occasion_kinds
from consultations.domain.sessions.rules import KindRules
from consultations.enums import OWN_MEETINGS, SUPPORTING_ROLES
from consultations.models import Session
from dxportal.core.accounts.models import User
from dxportal.core.occasions.domain import moves as occasion_moves
from dxportal.core.occasions.domain import write as occasions
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.enums import CALLED_OFF
from dxportal.core.occasions.models import OccasionBody
from dxportal.core.organizations import fiscal
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A session to be made: its occasion, and the kind that it is of. The occasion counts as the kind and as whatever
    else its ``kinds`` say."""

    kind: str
    occasion: OccasionDraft


def kinds_for(user: User, year: int) -> dict[str, KindRules]:
    """Of which kinds the person may make sessions: a town only meetings of its own."""
    if user.acting is None:
        return {}
    rules = active_rules(user.acting.organization.prefecture_id, year)
    if user.role in SUPPORTING_ROLES:
        return rules
    return {code: rules[code] for code in OWN_MEETINGS if code in rules} if user.is_answering else {}


def create(draft: SessionDraft, *, user: User, carried: Collection[BodyPart] = ()) -> Session:
    """``carried``: bodies of an earlier session, of which the person need not be in charge."""
    return create_many([draft], user=user, carried=carried)[0]


@transaction.atomic
def create_many(drafts: Sequence[SessionDraft], *, user: User, carried: Collection[BodyPart] = ()) -> list[Session]:
    """All or none. PermissionDenied; NotPossible for an unknown kind, or a town that has reached the cap of a kind."""
    years = {fiscal.fiscal_year_of(local_day(draft)) for draft in drafts}
    allowed = {year: kinds_for(user, year) for year in years}
    if not any(allowed.values()):
        raise PermissionDenied
    for draft in drafts:
        year = fiscal.fiscal_year_of(local_day(draft))
        if draft.kind not in allowed[year]:
            raise NotPossible({"kind": "この種別は使えません。一覧から選び直してください。"}, code="unknown_kind")
    require_caps(drafts, allowed)
    kinds = occasion_kinds(user.acting.organization.prefecture_id)
    wanted = [
        replace(draft.occasion, kinds=tuple(dict.fromkeys((draft.kind, *draft.occasion.kinds)))) for draft in drafts
    ]
    rows = occasions.create_many(wanted, user=user, carried=carried)
    return Session.objects.bulk_create(
        Session(occasion=occasion, kind=kinds[draft.kind]) for occasion, draft in zip(rows, drafts, strict=True)
    )


def local_day(draft: SessionDraft) -> dt.date:
    return fiscal_day(draft.occasion.starts_at)


def fiscal_day(moment: dt.datetime) -> dt.date:
    """The day in Japan."""
    return moment.astimezone(dt.timezone(dt.timedelta(hours=9))).date()


def require_caps(drafts: Sequence[SessionDraft], allowed: dict[int, dict[str, KindRules]]) -> None:
    """NotPossible where a town would have more sessions of a kind in a year than its cap."""
    wanted: dict[tuple[int, str, int], int] = {}
    for draft in drafts:
        year = fiscal.fiscal_year_of(local_day(draft))
        for part in draft.occasion.bodies:
            if part.organization and allowed[year][draft.kind].cap is not None:
                key = (year, draft.kind, part.organization)
                wanted[key] = wanted.get(key, 0) + 1
    # Locked in order, so that two who add at once come one after the other and the second sees the first's.
    towns = sorted({town for _, _, town in wanted})
    list(Organization.objects.select_for_update(no_key=True).filter(pk__in=towns).order_by("pk"))
    for (year, code, town), more in wanted.items():
        rules = allowed[year][code]
        held = held_in(year, code, [town]).get(town, 0)
        if not rules.may_add(held, more):
            name = Organization.objects.get(pk=town).name
            raise NotPossible(
                {
                    "kind": f"{name}の「{rules.name}」は{year}年度に{held}回あり、上限の{rules.cap}回を超えます。"
                    "別の種別を選んでください。"
                },
                code="cap",
            )


def held_in(year: int, code: str, towns: Collection[int]) -> dict[int, int]:
    """How many sessions of the kind each town has in the year, planned ones too; called-off ones don't count."""
    rows = sessions_of_year(year, code)
    bodies = OccasionBody.objects.filter(organization__in=towns, occasion__in=rows.values("occasion"))
    counted = bodies.order_by().values("organization").annotate(number=Count("occasion", distinct=True))
    return {row["organization"]: row["number"] for row in counted}


def cap_of(session: Session) -> tuple[KindRules, dict[int, int]] | None:
    """Of a kind with a cap: its rules, and how many sessions of it each of the towns has in the year; else None."""
    year = fiscal.fiscal_year_of(session.occasion.day)
    rules = active_rules(session.occasion.prefecture_id, year).get(session.kind.code)
    if rules is None or rules.cap is None:
        return None
    towns = [body.organization_id for body in session.occasion.bodies.all() if body.organization_id]
    return rules, held_in(year, session.kind.code, towns)


def sessions_of_year(year: int, code: str) -> QuerySet[Session]:
    first, last = fiscal.bounds(year)
    start = dt.datetime.combine(first, dt.time(), dt.timezone(dt.timedelta(hours=9)))
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.timezone(dt.timedelta(hours=9)))
    rows = Session.objects.filter(kind__code=code, occasion__starts_at__gte=start, occasion__starts_at__lt=end)
    return rows.exclude(occasion__state__in=CALLED_OFF)


def make_move(session: Session, move: str, *, user: User, reason: str = "", revision: int | None = None) -> None:
    """A move of the occasion, for whoever may change the session. PermissionDenied, NotPossible, Overtaken."""
    if not Session.objects.editable_by(user).filter(pk=session.pk).exists():
        raise PermissionDenied
    occasion_moves.make_move(session.occasion_id, move, user=user, reason=reason, revision=revision)
