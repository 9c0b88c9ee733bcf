"""The digest of questions for those who were not asked themselves: the prefecture's staff and the support team's office.

On working days, none when empty, muted with the mail about actions; claimed before it is sent, so that it goes out once.
"""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from consultations.domain.actions.digest import claim
from consultations.domain.actions.workdays import is_day_off
from consultations.domain.questions.lines import QuestionLine, lines, listed
from consultations.enums import MEMO_OFFICE_ROLES, QuestionState
from consultations.models import DigestSetting, TownQuestion
from dxportal.core.accounts.models import Membership
from dxportal.core.links import absolute

logger = logging.getLogger(__name__)
MOST_LINES = 50
FIRST_TIME = 7  # days back that the first digest of a person looks
FIELD = "questions_day"


def send_all(today: dt.date | None = None) -> int:
    """The mails of the day; how many went out."""
    today = today or timezone.localdate()
    if is_day_off(today):
        return 0
    rows = Membership.objects.current(today).filter(role__in=MEMO_OFFICE_ROLES).select_related("user", "organization")
    done = DigestSetting.objects.filter(Q(muted=True) | Q(questions_day__gte=today)).values("user")
    return sum(send_to(membership, today) for membership in rows.exclude(user__in=done).order_by("user", "pk"))


def part_of(membership: Membership, today: dt.date, since: dt.date) -> list[QuestionLine]:
    """Questions that came since the last digest, and those that wait for an answer."""
    user = membership.user
    user.acting = membership  # rights are the membership's; this copy of the person serves nobody else
    begin = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    rows = TownQuestion.objects.own_of(user).filter(
        Q(created_at__gte=begin) | Q(state=QuestionState.OPEN, answers__isnull=True)
    )
    chosen = list(listed(TownQuestion.objects.filter(pk__in=rows.values("pk")))[:MOST_LINES])
    return lines(chosen, {question.pk for question in chosen}, today)


def send_to(membership: Membership, today: dt.date) -> bool:
    """False where there is nothing to tell, or it was sent already."""
    user = membership.user
    before = DigestSetting.objects.filter(user=user).values_list(FIELD, flat=True).first()
    rows = part_of(membership, today, before or today - dt.timedelta(days=FIRST_TIME))
    if not rows or not claim(user.pk, today, FIELD):
        return False
    values = {
        "user": user,
        "lines": rows,
        "page": absolute(reverse("consultations:questions")),
        "settings_page": absolute(reverse("consultations:digest")),
    }
    waiting = sum(not line.question.answer_count for line in rows)  # type: ignore[attr-defined]
    subject = f"【{settings.PORTAL_NAME}】団体からの質問のお知らせ（{len(rows)}件、うち回答なし{waiting}件）"
    try:
        EmailMessage(subject, render_to_string("consultations/mail/questions.txt", values), to=[user.email]).send()
    except OSError as error:  # SMTP and network errors; their text may hold addresses
        logger.warning("digest of questions not sent: %s", type(error).__name__)
        DigestSetting.objects.filter(user=user, **{FIELD: today}).update(**{FIELD: before})
        return False
    return True
