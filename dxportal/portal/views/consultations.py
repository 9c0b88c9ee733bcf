"""What of the consultations stands on home and karte: sessions, released topics, open actions."""

from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from consultations.domain.actions.lines import ActionSummary, summary
from consultations.models import Action, Session, Topic
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import TOOK_PLACE, OccasionState
from dxportal.core.occasions.models import Occasion
from dxportal.core.organizations.models import Organization

AT_HOME = ON_KARTE = 5
LAST = 3


@dataclass(frozen=True, slots=True)
class ConsultationsPart:
    """``coming``: planned ones, the next first; ``last``: those that took place, the newest first; ``topics``: released."""

    actions: ActionSummary = field(default_factory=ActionSummary)
    coming: tuple[Session, ...] = ()
    last: tuple[Session, ...] = ()
    topics: tuple[Topic, ...] = ()


def for_home(user: User) -> ConsultationsPart:
    """In the person's reach; of topics what everybody in the prefecture reads. Three queries."""
    if user.acting is None:
        return ConsultationsPart()
    return ConsultationsPart(
        actions=summary(Action.objects.for_user(user), AT_HOME),
        coming=tuple(coming(Session.objects.for_user(user))[:AT_HOME]),
        topics=tuple(newest(Topic.objects.released_to(user))[:AT_HOME]),
    )


def for_karte(user: User, organization: Organization) -> ConsultationsPart:
    """Of the municipality, as far as the person sees it. Four queries."""
    line = Organization.objects.line_of([organization.pk])
    occasions = Occasion.objects.for_user(user).with_body(line)
    sessions = Session.objects.filter(occasion__in=occasions)
    held = sessions.filter(occasion__state__in=TOOK_PLACE).order_by("-occasion__starts_at", "-pk")
    return ConsultationsPart(
        actions=summary(Action.objects.for_user(user).filter(organization__in=line), ON_KARTE),
        coming=tuple(coming(sessions)[:LAST]),
        last=tuple(held.select_related("occasion", "kind")[:LAST]),
        topics=tuple(newest(Topic.objects.released_to(user).filter(organization__in=line))[:ON_KARTE]),
    )


def coming(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """From the beginning of today on: a session of this morning that nobody has logged yet is still to be seen."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = sessions.filter(occasion__state=OccasionState.PLANNED, occasion__starts_at__gte=today)
    return rows.select_related("occasion", "kind").order_by("occasion__starts_at", "pk")


def newest(topics: QuerySet[Topic]) -> QuerySet[Topic]:
    return topics.select_related("organization", "area").order_by("-released_at", "-pk")
