"""The weekly mail about newly released topics: once a week for each person who has something to read, unless muted.

Claimed before it is sent by one conditional UPDATE: however often the clock fires and however many workers there are,
a person gets one a week. A mail that could not be handed to the server gives its claim back to the next firing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from consultations.domain.topics.sharing import mails
from consultations.enums import ACTING_ROLES
from consultations.models import ReleaseDigest, Topic
from consultations.querysets import RELEASED
from dxportal.core.accounts.models import Membership, User
from dxportal.core.links import absolute
from dxportal.core.taxonomy.models import Area

WEEK = dt.timedelta(days=7)
MOST_LINES = 50


def send_all(now: dt.datetime | None = None) -> int:
    """The mails of the week; how many went out."""
    now = now or timezone.now()
    fresh = Topic.objects.filter(released_at__gt=now - 2 * WEEK, **RELEASED).values("organization__prefecture")
    rows = Membership.objects.current().filter(role__in=ACTING_ROLES, organization__prefecture__in=fresh)
    done = ReleaseDigest.objects.filter(Q(muted=True) | Q(told_until__gte=begin_of_week(now))).values("user")
    by_user: dict[int, list[Membership]] = {}
    for membership in rows.exclude(user__in=done).select_related("user").order_by("user", "pk"):
        by_user.setdefault(membership.user_id, []).append(membership)
    return sum(send_to(memberships, now) for memberships in by_user.values())


def begin_of_week(now: dt.datetime) -> dt.datetime:
    """Monday, 0:00 in Tokyo."""
    day = timezone.localdate(now)
    return timezone.make_aware(dt.datetime.combine(day - dt.timedelta(days=day.weekday()), dt.time()))


def send_to(memberships: Sequence[Membership], now: dt.datetime) -> bool:
    """One mail for all memberships of a person; False where there is nothing to tell, or it was sent already."""
    user = memberships[0].user
    setting = ReleaseDigest.objects.filter(user=user).prefetch_related("areas").first()
    before = setting.told_until if setting else None
    topics = news(memberships, before or now - WEEK, now, [area.pk for area in setting.areas.all()] if setting else [])
    if not topics or not claim(user.pk, now):
        return False
    values = {
        "topics": topics,
        "list": absolute(reverse("consultations:topics_released")),
        "settings_page": absolute(reverse("consultations:release_digest")),
    }
    if mails.send("consultations/mail/released.txt", f"新しく公開された論点（{len(topics)}件）", user, values):
        return True
    ReleaseDigest.objects.filter(user=user, told_until=now).update(told_until=before)
    return False


def news(
    memberships: Iterable[Membership], since: dt.datetime, now: dt.datetime, areas: Sequence[int]
) -> list[tuple[Topic, str]]:
    """Released since then to any of the memberships, each with the address of its page; by field, the newest first."""
    topics: dict[int, Topic] = {}
    for membership in memberships:
        user: User = membership.user
        user.acting = membership  # rights are the membership's; this copy of the person serves nobody else
        rows = Topic.objects.released_to(user).filter(released_at__gt=since, released_at__lte=now)
        rows = rows.filter(area__in=areas) if areas else rows
        order = rows.select_related("organization", "area").order_by("area__sort_order", "-released_at", "pk")
        topics |= {topic.pk: topic for topic in order[:MOST_LINES]}
    return [
        (topic, absolute(reverse("consultations:topic_released", args=[topic.pk])))
        for topic in list(topics.values())[:MOST_LINES]
    ]


def claim(user_id: int, now: dt.datetime) -> bool:
    """Whether this call is the one that sends this week's mail to the person."""
    ReleaseDigest.objects.bulk_create([ReleaseDigest(user_id=user_id)], ignore_conflicts=True)
    # The condition and the change are one statement: of two at once only one changes the row.
    untold = Q(told_until__isnull=True) | Q(told_until__lt=begin_of_week(now))
    return ReleaseDigest.objects.filter(untold, user=user_id, muted=False).update(told_until=now) == 1


def set_digest(*, muted: bool, areas: Iterable[Area], user: User) -> None:
    row, _ = ReleaseDigest.objects.update_or_create(user=user, defaults={"muted": muted})
    row.areas.set(areas)
