"""The morning's mail about actions: once a working day for each person who has something to do, unless muted.

Claimed before it is sent by one conditional UPDATE: however often the clock fires and however many workers there are,
a person gets one a day. A mail that could not be handed to the server gives its claim back to the next firing.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from consultations.domain.actions.lines import SOON, ActionLine, lines, open_of
from consultations.domain.actions.overdue import overdue_rows
from consultations.domain.actions.workdays import is_day_off
from consultations.enums import ACTING_ROLES, ActionBearer
from consultations.models import Action, DigestSetting
from dxportal.core.accounts.enums import ANSWERING_ROLES, Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.links import absolute

logger = logging.getLogger(__name__)
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class DigestPart:
    """What one membership of the person has to tell."""

    place: str
    overdue: tuple[ActionLine, ...]
    soon: tuple[ActionLine, ...]


def send_all(today: dt.date | None = None) -> int:
    """The mails of the day; how many went out."""
    today = today or timezone.localdate()
    if is_day_off(today):
        return 0
    by_user: dict[int, list[Membership]] = {}
    for membership in recipients(today):
        by_user.setdefault(membership.user_id, []).append(membership)
    return sum(send_to(memberships, today) for memberships in by_user.values())


def recipients(today: dt.date) -> QuerySet[Membership]:
    """Memberships in force of people who write actions, where anything is due at all."""
    due = Action.objects.filter(urgent(today)).values("organization__prefecture")
    rows = Membership.objects.current(today).filter(role__in=ACTING_ROLES, organization__prefecture__in=due)
    done = DigestSetting.objects.filter(Q(muted=True) | Q(last_day__gte=today)).values("user")
    return rows.exclude(user__in=done).select_related("user").order_by("user", "pk")


def urgent(today: dt.date) -> Q:
    """Overdue, or due within ``SOON`` days."""
    return Q(state="open", due_day__lte=today + dt.timedelta(days=SOON))


def own(membership: Membership, today: dt.date) -> Q:
    """What of all in reach the person is to see to: the own side's; whoever chases, all that is overdue besides."""
    if membership.role in ANSWERING_ROLES:
        return Q(bearer=ActionBearer.TOWN)
    overdue = Q(**overdue_rows(today))
    if membership.role == Role.CONSULTANT:
        return Q(bearer=ActionBearer.CONSULTANT) | overdue
    return Q(bearer=ActionBearer.PREFECTURE) | (overdue if membership.role == Role.SUPPORT_STAFF else Q())


def part_of(membership: Membership, today: dt.date) -> DigestPart:
    user: User = membership.user
    user.acting = membership  # rights are the membership's; this copy of the person serves nobody else
    rows = Action.objects.for_user(user).filter(urgent(today)).filter(own(membership, today))
    due = lines(open_of(rows, today).select_related("organization")[:MOST_LINES], today)
    overdue = tuple(line for line in due if line.overdue)
    return DigestPart(str(membership.organization), overdue, tuple(line for line in due if not line.overdue))


def send_to(memberships: Iterable[Membership], today: dt.date) -> bool:
    """One mail for all memberships of a person; False where there is nothing to tell, or it was sent already."""
    memberships = list(memberships)
    user = memberships[0].user
    parts = [part for part in (part_of(each, today) for each in memberships) if part.overdue or part.soon]
    if not parts:
        return False
    before = DigestSetting.objects.filter(user=user).values_list("last_day", flat=True).first()
    if not claim(user.pk, today):
        return False
    try:
        message(user, parts).send()
    except OSError as error:  # SMTP and network errors; their text may hold addresses
        logger.warning("digest not sent: %s", type(error).__name__)
        DigestSetting.objects.filter(user=user, last_day=today).update(last_day=before)
        return False
    return True


def claim(user_id: int, today: dt.date, field: str = "last_day") -> bool:
    """Whether this call is the one that sends today's mail to the person. ``field``: where the kind of mail is noted."""
    DigestSetting.objects.bulk_create([DigestSetting(user_id=user_id)], ignore_conflicts=True)
    # The condition and the change are one statement: of two at once only one changes the row.
    earlier = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": today})
    return DigestSetting.objects.filter(earlier, user=user_id, muted=False).update(**{field: today}) == 1


def message(user: User, parts: list[DigestPart]) -> EmailMessage:
    overdue = sum(len(part.overdue) for part in parts)
    soon = sum(len(part.soon) for part in parts)
    subject = f"【{settings.PORTAL_NAME}】アクションのお知らせ（期限超過{overdue}件、{SOON}日以内{soon}件）"
    values = {
        "user": user,
        "parts": parts,
        "days": SOON,
        "board": absolute(reverse("consultations:actions")),
        "settings_page": absolute(reverse("consultations:digest")),
    }
    return EmailMessage(subject, render_to_string("consultations/mail/digest.txt", values), to=[user.email])


def is_muted(user: User) -> bool:
    return DigestSetting.objects.for_user(user).filter(muted=True).exists()


def mute(muted: bool, *, user: User) -> None:
    DigestSetting.objects.update_or_create(user=user, defaults={"muted": muted})
