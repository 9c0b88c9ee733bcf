"""What other towns may read of a topic: the summary as it begins, the days to object, and the clock that releases."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from consultations.domain.topics import moves
from consultations.domain.topics.content import KINDS, LABELS
from consultations.domain.topics.sharing.names import ClearedText, without_names
from consultations.domain.topics.sharing.rules import rules_of
from consultations.enums import TopicState
from consultations.models import Topic
from dxportal.core.accounts.models import Membership
from dxportal.core.occasions.models import Attendance
from dxportal.core.people.models import Contact, Supporter

logger = logging.getLogger(__name__)


def release_day(topic: Topic, today: dt.date | None = None) -> dt.date:
    """The first day on which a topic shown today is released by itself: the town has all its days before it."""
    days = rules_of(topic.organization.prefecture_id).days
    return (today or timezone.localdate()) + dt.timedelta(days=days)


def begin(topic: Topic) -> ClearedText:
    """The summary as the support team finds it: what was said by kind and what came of it, persons left out."""
    remarks = list(topic.remarks.all())
    lines = [f"{LABELS[kind]}：{remark.text}" for kind in KINDS for remark in remarks if remark.kind == kind]
    if topic.outcome:
        lines.append(f"{LABELS['outcome']}：{topic.outcome}")
    return without_names("\n".join(lines), known_names(topic))


def known_names(topic: Topic) -> list[str]:
    """Whoever attended, belongs to the town or is to be called there, and whoever supports towns."""
    return [name for name in dict.fromkeys(_names(topic)) if name]


def _names(topic: Topic) -> Iterator[str]:
    prefecture = topic.organization.prefecture_id
    yield topic.raised_by
    yield from topic.remarks.values_list("by_name", flat=True)
    if topic.session:
        people = Attendance.objects.filter(occasion=topic.session.occasion_id)
        for names in people.values_list("name", "user__name", "supporter__name"):
            yield from (name for name in names if name)
    # Those of former years, too: what was said may name who is gone.
    members = Membership.objects.filter(Q(organization=topic.organization_id) | Q(organization=prefecture))
    yield from members.values_list("user__name", flat=True)
    yield from Contact.objects.filter(organization=topic.organization_id).values_list("name", flat=True)
    yield from Supporter.objects.filter(prefecture=prefecture).values_list("name", flat=True)


def due(today: dt.date) -> list[int]:
    """Shown, and nobody objected until the end of the last day."""
    rows = Topic.objects.filter(state=TopicState.SHOWN, release_day__lte=today).order_by("release_day", "pk")
    return list(rows.values_list("pk", flat=True))


def release_all(today: dt.date | None = None) -> int:
    """By the clock; each by itself, so that none that is refused keeps the others back. How many were released."""
    released = 0
    for pk in due(today or timezone.localdate()):
        try:
            moves.release(pk)
        except ValidationError:  # the town objected meanwhile, or another worker was faster
            continue
        except Exception:
            logger.exception("topic %s was not released", pk)
            continue
        released += 1
    return released
