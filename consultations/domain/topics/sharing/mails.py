"""Mails of a topic's path: to the town when it is shown, to the supporting side when the town objects or withdraws.

Sent after the commit, to each person by itself: none learns of the others' addresses. They name the topic and lead to its page.
"""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from consultations.enums import TopicState
from consultations.models import Topic
from dxportal.core.accounts.enums import ANSWERING_ROLES, Role
from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.links import absolute

logger = logging.getLogger(__name__)
SUBJECTS = {
    TopicState.SHOWN: "公開する要約の確認のお願い",
    TopicState.OBJECTED: "団体から異議がありました",
    TopicState.WITHDRAWN: "論点の公開を取り下げました",
}


def announce(topic: Topic, before: str) -> None:
    """After a move. What goes back and forth within the supporting side is told by nobody's mail."""
    if topic.state not in SUBJECTS:
        return
    state = TopicState(topic.state)
    people = {
        person.pk: person for person in (town_people(topic) if state == TopicState.SHOWN else support_people(topic))
    }
    for person in people.values():
        send(
            "consultations/mail/topic.txt",
            SUBJECTS[state],
            person,
            {"topic": topic, "page": absolute(reverse("consultations:topic", args=[topic.pk]))},
        )


def town_people(topic: Topic) -> list[User]:
    """Who answers for the town today."""
    return members(Q(organization=topic.organization_id, role__in=ANSWERING_ROLES))


def support_people(topic: Topic) -> list[User]:
    """The support team's office and the consultants in charge; where there is no office, the prefecture's staff."""
    prefecture = topic.organization.prefecture_id
    office = members(Q(organization=prefecture, role=Role.SUPPORT_STAFF))
    if not office:
        office = members(Q(organization=prefecture, role__in=(Role.PREFECTURE_ADMIN, Role.PREFECTURE_STAFF)))
    charges = Assignment.objects.on_day().filter(organization=topic.organization_id).values("membership")
    return [*office, *members(Q(pk__in=charges))]


def members(which: Q) -> list[User]:
    rows: QuerySet[Membership] = Membership.objects.current(timezone.localdate()).filter(which, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("user", "pk")]


def send(template: str, subject: str, person: User, values: Mapping[str, object]) -> bool:
    """False where the mail could not be handed over: a move that happened is not undone for it."""
    text = render_to_string(template, {"user": person, **values})
    try:
        EmailMessage(f"【{settings.PORTAL_NAME}】{subject}", text, to=[person.email]).send()
    except OSError as error:  # SMTP and network errors; their text may hold addresses
        logger.warning("mail not sent: %s", type(error).__name__)
        return False
    return True
