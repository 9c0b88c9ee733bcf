"""「話を聞きたい」: a town that read a released topic asks the town that it comes from, which agrees or not.

Both get each other's contact once the town agrees, by mail and on the page; nobody's before. Without an answer after the
prefecture's days an action of the prefecture comes of it, once.
"""

import datetime as dt
import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from consultations.domain.topics.sharing import mails
from consultations.domain.topics.sharing.rules import rules_of
from consultations.enums import CONTACT_MOVES, ActionBearer, ContactMove, ContactState
from consultations.models import Action, ContactRequest, Topic
from dxportal.core.accounts.models import User
from dxportal.core.links import absolute
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import Workflow, moving

ANSWERED = (ContactState.AGREED, ContactState.DECLINED)

logger = logging.getLogger(__name__)


def announce(request: ContactRequest, before: str) -> None:
    """After a move: whoever asked learns the answer, both the contacts."""
    if request.state not in ANSWERED:
        return
    people = [request.asker, request.answerer] if request.state == ContactState.AGREED else [request.asker]
    for person in people:
        if person is not None and person.is_active:
            mail("回答がありました", request, person)


CONTACTS = Workflow(
    model=ContactRequest,
    table=CONTACT_MOVES,
    subject="この依頼",
    labels=dict(ContactMove.choices),
    announce=announce,
)


def mail(subject: str, request: ContactRequest, person: User) -> None:
    page = absolute(reverse("consultations:contact", args=[request.pk]))
    mails.send(
        "consultations/mail/contact.txt", f"「話を聞きたい」{subject}", person, {"asking": request, "page": page}
    )


def tell_town(request: ContactRequest) -> None:
    for person in mails.town_people(request.topic):
        mail("依頼がありました", request, person)


def may_ask(topic: Topic, user: User) -> bool:
    """A town that answers for itself may ask another one that said that it may be asked."""
    own = user.acting.organization if user.acting else None
    return bool(topic.contact and user.is_answering and own and own.is_municipality and own.pk != topic.organization_id)


def ask(topic_id: int, message: str, *, user: User) -> ContactRequest:
    """Once a town and topic, as long as it is not declined. PermissionDenied; NotPossible."""
    with transaction.atomic():
        # Among those that the person may read, locked: a topic that is withdrawn at this moment is not asked about.
        rows = Topic.objects.released_to(user).filter(pk=topic_id).select_related("organization")
        topic = rows.select_for_update(of=("self",)).first()
        if topic is None or user.acting is None or not may_ask(topic, user):
            raise PermissionDenied
        own = user.acting.organization_id
        if ContactRequest.objects.filter(topic=topic, organization=own).exclude(state=ContactState.DECLINED).exists():
            raise NotPossible("この論点には、もう依頼しています。", code="twice")
        days = rules_of(topic.organization.prefecture_id).contact_days
        try:
            request = ContactRequest.objects.create(
                topic=topic,
                organization_id=own,
                message=message,
                asker=user,
                due_day=timezone.localdate() + dt.timedelta(days=days),
            )
        except IntegrityError:
            raise NotPossible("この論点には、もう依頼しています。", code="twice") from None
    transaction.on_commit(lambda: tell_town(request))
    return request


def answer(request_id: int, move: str, reply: str, *, user: User) -> ContactRequest:
    """AGREE (both get the contacts) or DECLINE."""
    rows = ContactRequest.objects.editable_by(user)
    related = ("topic__organization", "organization", "asker")
    with moving(CONTACTS, rows, request_id, move, user=user, related=related) as step:
        step.row.reply = reply
        step.row.answerer = user
    return step.row


def lapse_all(today: dt.date | None = None) -> int:
    """By the clock, each by itself: of what nobody answered the prefecture gets an action. How many."""
    today = today or timezone.localdate()
    rows = ContactRequest.objects.filter(state=ContactState.WAITING, due_day__lt=today)
    lapsed = 0
    for pk in list(rows.order_by("due_day", "pk").values_list("pk", flat=True)):
        try:
            lapse(pk, today)
        except ValidationError:  # answered meanwhile, or another worker was faster
            continue
        except Exception:
            logger.exception("contact request %s did not lapse", pk)
            continue
        lapsed += 1
    return lapsed


def lapse(request_id: int, today: dt.date) -> None:
    related = ("topic__organization", "organization")
    with moving(
        CONTACTS, ContactRequest.objects.all(), request_id, ContactMove.LAPSE, user=None, related=related
    ) as step:
        request = step.row
        # The action stands in the same transaction as the state: it comes once.
        Action.objects.create(
            organization=request.topic.organization,
            topic=request.topic,
            bearer=ActionBearer.PREFECTURE,
            due_day=today + dt.timedelta(days=7),
            title=f"「話を聞きたい」の依頼（{request.organization.name}から）への回答を確かめる"[:200],
            detail=f"論点「{request.subject}」について、期限までに回答がありません。",
        )
