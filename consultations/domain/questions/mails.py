"""Mails about a question: to those who are asked, and to those who asked. Sent after the commit, once; a mail that could
not be handed over is told in the log, and the question stands in the lists and in the others' digest in any case."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from consultations.models import TownAnswer, TownQuestion
from dxportal.core.accounts.enums import ANSWERING_ROLES, Role
from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.links import absolute

logger = logging.getLogger(__name__)


def in_charge(organization_id: int) -> list[str]:
    """Addresses of the consultants in charge of the town."""
    charges = Assignment.objects.on_day().filter(organization=organization_id).values("membership")
    return addresses(Membership.objects.current().filter(pk__in=charges, role=Role.CONSULTANT))


def officers(organization_ids: Iterable[int]) -> list[str]:
    """Addresses of those who answer for the towns."""
    rows = Membership.objects.current().filter(organization__in=list(organization_ids), role__in=ANSWERING_ROLES)
    return addresses(rows)


def addresses(rows: Iterable[Membership]) -> list[str]:
    members = rows.select_related("user").filter(user__is_active=True).order_by("user")  # type: ignore[attr-defined]
    return list(dict.fromkeys(member.user.email for member in members))


def asked(question_id: int, *, by: int) -> int:
    """To the consultant in charge and the towns that it is put to; how many went out."""
    question = TownQuestion.objects.select_related("topic__organization", "topic__area", "remark").get(pk=question_id)
    towns = list(question.asked_towns.values_list("organization", flat=True))
    people = dict.fromkeys([*in_charge(question.topic.organization_id), *officers(towns)])
    subject = f"{question.topic.organization.name}からの質問：{question.topic.title}"
    return send(people, subject, "asked", question, by)


def answered(answer_id: int, *, by: int) -> int:
    """To those who answer for the town that asked."""
    answer = TownAnswer.objects.select_related("question__topic__organization", "remark__organization").get(
        pk=answer_id
    )
    question = answer.question
    people = officers([question.topic.organization_id])
    return send(people, f"質問に回答がありました：{question.topic.title}", "answered", question, by, answer=answer)


def send(people: Iterable[str], subject: str, template: str, question: TownQuestion, by: int, **values: object) -> int:
    """One mail a person, so that nobody sees the others' addresses; whoever did it gets none."""
    own = User.objects.filter(pk=by).values_list("email", flat=True).first()
    page = absolute(reverse("consultations:question", args=[question.pk]))
    body = render_to_string(
        f"consultations/mail/question_{template}.txt",
        {"question": question, "page": page, "today": timezone.localdate(), **values},
    )
    count = 0
    for address in people:
        if address == own:
            continue
        try:
            EmailMessage(f"【{settings.PORTAL_NAME}】{subject}", body, to=[address]).send()
            count += 1
        except OSError as error:  # SMTP and network errors; their text may hold addresses
            logger.warning("mail of a question not sent: %s", type(error).__name__)
    return count
