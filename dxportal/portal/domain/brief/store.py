"""Making briefs and keeping them: the evening before by a job, and anew by whoever prepares the session."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from consultations.domain.sessions.log import towns_of
from consultations.models import Session
from dxportal.core.accounts.models import User
from dxportal.core.jobs.domain import JobError, JobHandle, enqueue
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.occasions.models import Occasion
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible
from dxportal.portal.domain.brief.content import FORMAT, StoredBrief
from dxportal.portal.domain.brief.reading import read
from dxportal.portal.models import Brief

JOB = "portal.briefs"
LABEL = "明日の相談の事前資料"
OVER = "この相談は予定ではないため、事前資料を作り直せません。"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DatedBrief:
    """``kept``: it is stored; otherwise it was computed for this page."""

    brief: StoredBrief
    made_at: dt.datetime
    kept: bool


def towns_for(session: Session, user: User) -> QuerySet[Organization]:
    """The towns of a session whose briefs the person reads."""
    towns = Organization.objects.filter(user.reach("self"), pk__in=towns_of(session)).select_related("prefecture")
    return towns.order_by("sort_order", "code", "pk")


def brief_for(session: Session, town: Organization) -> DatedBrief | None:
    """As it is stored, else as of now; None for a session without one that is no longer to come."""
    row = Brief.objects.filter(session=session, organization=town, format=FORMAT).first()
    if row is not None:
        return DatedBrief(StoredBrief.from_json(row.data), row.made_at, kept=True)
    if session.occasion.state != OccasionState.PLANNED:
        return None
    now = timezone.now()
    return DatedBrief(read(session, town, timezone.localdate(now)), now, kept=False)


def make_anew(session: Session, town: Organization, *, user: User) -> Brief:
    """PermissionDenied; NotPossible once the session has taken place or was called off."""
    if not towns_for(session, user).filter(pk=town.pk).exists():
        raise PermissionDenied
    if session.occasion.state != OccasionState.PLANNED:
        raise NotPossible(OVER, code="over")
    return make(session, town, user)


def make(session: Session, town: Organization, user: User | None = None) -> Brief:
    """Stores it over the one before: one row a session and town, so that two who make it at once leave one."""
    now = timezone.now()
    stored = read(session, town, timezone.localdate(now))
    values = {"data": stored.to_json(), "format": FORMAT, "made_at": now, "made_by": user}
    return Brief.objects.update_or_create(session=session, organization=town, defaults=values)[0]


# --- the evening before


def coming(day: dt.date) -> QuerySet[Session]:
    """The sessions planned on that day."""
    occasions = Occasion.objects.between(day, day).filter(state=OccasionState.PLANNED)
    return Session.objects.filter(occasion__in=occasions).select_related("occasion")


def schedule_tomorrow() -> int:
    """A job for each prefecture that has a session tomorrow; gives how many. Asked twice, it is done once more."""
    day = timezone.localdate() + dt.timedelta(days=1)
    rows = coming(day).order_by().values_list("occasion__prefecture", flat=True).distinct()
    prefectures = list(Organization.objects.filter(pk__in=rows).order_by("pk"))
    for prefecture in prefectures:
        params = {"prefecture_id": prefecture.pk, "day": day.isoformat()}
        enqueue(JOB, label=LABEL, params=params, prefecture=prefecture, key=f"{JOB}:{prefecture.pk}")
    return len(prefectures)


def make_all(prefecture_id: int, day: dt.date, handle: JobHandle) -> int:
    """A brief for each town of each session of the day; one that fails does not keep the others from theirs."""
    pairs = list(pairs_on(prefecture_id, day))
    failed = []
    for number, (session, town) in enumerate(pairs, 1):
        try:
            with transaction.atomic():
                make(session, town)
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise  # of the job as a whole: its runner knows what then
        except Exception:
            logger.exception("brief of session %s for organization %s failed", session.pk, town.pk)
            failed.append(f"{session.occasion.title}（{town.name}）")
        handle.progress(number, len(pairs))
    if failed:
        raise JobError("作れなかった事前資料があります：" + "、".join(failed))
    return len(pairs)


def pairs_on(prefecture_id: int, day: dt.date) -> Iterator[tuple[Session, Organization]]:
    for session in coming(day).filter(occasion__prefecture=prefecture_id):
        for town in Organization.objects.filter(pk__in=towns_of(session)).select_related("prefecture").order_by("pk"):
            yield session, town
