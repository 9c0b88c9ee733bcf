"""The audit of a prefecture: one search over the events of all audited kinds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.domain.history import TRAILS as ASSESSMENT_TRAILS
from casestudies.domain.contribution.history import TRAILS as CASE_TRAILS
from casestudies.domain.reading.uptake import UPTAKE_TRAIL
from consultations.domain.actions.history import TRAILS as ACTION_TRAILS
from consultations.domain.materials.history import TRAILS as MATERIAL_TRAILS
from consultations.domain.products.history import TRAILS as PRODUCT_TRAILS
from consultations.domain.questions.history import TRAILS as QUESTION_TRAILS
from consultations.domain.sessions.history import TRAILS as SESSION_TRAILS
from consultations.domain.shelf.history import TRAILS as SHELF_TRAILS
from consultations.domain.skips.history import TRAILS as SKIP_TRAILS
from consultations.domain.topics.history import TRAILS as TOPIC_TRAILS
from dxportal.core.accounts.domain.trail import MEMBERSHIPS
from dxportal.core.accounts.models import User
from dxportal.core.history.trail import HistoryList, Trail
from dxportal.core.names import name_key
from dxportal.core.occasions.domain.history import TRAILS as OCCASION_TRAILS
from dxportal.core.organizations.domain.history import TRAILS as ORGANIZATION_TRAILS
from dxportal.core.organizations.models import Organization
from dxportal.core.people.domain.history import TRAILS as PEOPLE_TRAILS
from dxportal.core.ui.folded import called
from dxportal.portal.domain.plan.history import TRAILS as PLAN_TRAILS
from dxportal.portal.domain.recheck import RECHECK_TRAIL
from dxportal.portal.domain.report.history import TRAILS as REPORT_TRAILS

TRAILS: tuple[Trail, ...] = (
    *ASSESSMENT_TRAILS,
    *CASE_TRAILS,
    UPTAKE_TRAIL,
    *ACTION_TRAILS,
    *SESSION_TRAILS,
    *PRODUCT_TRAILS,
    *TOPIC_TRAILS,
    *QUESTION_TRAILS,
    *SKIP_TRAILS,
    *MATERIAL_TRAILS,
    *SHELF_TRAILS,
    *OCCASION_TRAILS,
    *PLAN_TRAILS,
    RECHECK_TRAIL,
    *REPORT_TRAILS,
    *PEOPLE_TRAILS,
    MEMBERSHIPS,
    *ORGANIZATION_TRAILS,
)
CEILING = 10_000
NAMES = ("name", "kana")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; empty means any. Days are inclusive and local."""

    kinds: Sequence[str] = ()
    person: User | None = None
    organization: Organization | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    text: str = ""


def search(wanted: Wanted, *, user: User) -> HistoryList:
    """The events that fit of all objects that the person may open, newest first."""
    trails = [trail for trail in TRAILS if not wanted.kinds or trail.code in wanted.kinds]
    return HistoryList([(trail, _events(trail, wanted, user)) for trail in trails], CEILING, rare=bool(wanted.text))


def _events(trail: Trail, wanted: Wanted, user: User) -> QuerySet:
    rows = trail.events.objects.filter(trail.reach(user))
    if wanted.organization:
        rows = rows.filter(**{trail.organization: wanted.organization.pk})
    if wanted.person:
        rows = rows.filter(pgh_context__metadata__user=wanted.person.pk)
    if wanted.first_day:
        rows = rows.filter(pgh_created_at__gte=_midnight(wanted.first_day))
    if wanted.last_day:
        rows = rows.filter(pgh_created_at__lt=_midnight(wanted.last_day + dt.timedelta(days=1)))
    for word in wanted.text.split():
        anywhere = Q()
        for path in trail.searched:
            anywhere |= _holds(trail, path, word)
        rows = rows.filter(anywhere)
    return rows


def _holds(trail: Trail, path: str, word: str) -> Q:
    """Names of people and towns in any writing: looked up among those few and not in the names of every event."""
    *relation, field = path.split("__")
    if not relation or field not in NAMES or not name_key(word):
        return Q(**{f"{path}__icontains": word})
    model: Any = trail.events
    for step in relation:
        model = model._meta.get_field(step).related_model
    return Q(**{f"{'__'.join(relation)}__in": model._default_manager.filter(called(word, field))})


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
