"""Asking, answering, and agreeing to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from consultations.domain.questions import mails
from consultations.domain.questions.doers import doers
from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES, QuestionChannel, RemarkKind, TopicOrigin
from consultations.models import AskedTown, AskingConsent, Remark, ShelfItem, Topic, TownAnswer, TownQuestion
from dxportal.core.accounts.models import User
from dxportal.core.files.attachments import attach
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

NOUN = "一つの質問"
MOST_ASKED = 5  # towns that one question is put to
LONGEST_TITLE = 80
FIRST_PLACE = 1000  # behind the remarks that the form of a topic writes


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it is asked. ``answer``: what was answered at once, on the telephone or in the chat.
    ``shelf_item``: the item that it is about, one that the person may read."""

    text: str
    area: Area
    to_towns: bool = False
    channel: str = QuestionChannel.PORTAL
    answer: str = ""
    files: Sequence[Any] = field(default=())
    shelf_item: ShelfItem | None = None


def towns_for(user: User) -> QuerySet[Organization]:
    """For which municipalities the person may ask: the own one; for the supporting side those in reach."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return towns.order_by("sort_order", "code", "pk") if user.role in ACTING_ROLES else towns.none()


def title_of(text: str) -> str:
    """The first sentence or line, cut where it is long."""
    first = text.strip().splitlines()[0].strip()
    end = first.find("。")
    sentence = first[: end + 1] if 0 <= end < LONGEST_TITLE else first
    return sentence if len(sentence) <= LONGEST_TITLE else f"{sentence[: LONGEST_TITLE - 1]}…"


def ask(organization_id: int, asking: Asking, *, user: User) -> TownQuestion:
    """Stores the question and, after the commit, tells the consultant in charge and the towns that it is put to.

    PermissionDenied; NotPossible for refused files, and then nothing is stored.
    """
    town = towns_for(user).filter(pk=organization_id).first()
    if town is None or (asking.channel != QuestionChannel.PORTAL and user.role not in SUPPORTING_ROLES):
        raise PermissionDenied
    with transaction.atomic():
        question = store(town, asking, user)
        if not asking.answer.strip():
            transaction.on_commit(lambda: mails.asked(question.pk, by=user.pk))
    return question


def store(town: Organization, asking: Asking, user: User) -> TownQuestion:
    """The question with its topic, files and, where it was not answered at once, the towns that it is put to."""
    topic = Topic.objects.create(
        organization=town, origin=TopicOrigin.QUESTION, area=asking.area, title=title_of(asking.text), created_by=user
    )
    remark = Remark.objects.create(
        topic=topic,
        kind=RemarkKind.TROUBLE,
        text=asking.text.strip(),
        position=FIRST_PLACE,
        organization=town,
        by=user,
        by_name=user.name,
    )
    question = TownQuestion.objects.create(
        topic=topic,
        remark=remark,
        channel=asking.channel,
        to_towns=asking.to_towns,
        shelf_item=asking.shelf_item,
    )
    if asking.files:
        question.shared_files = [file.pk for file in attach(topic, asking.files, user=user, noun=NOUN)]
        question.save(update_fields=["shared_files"])
    if asking.answer.strip():
        store_answer(question, asking.answer, user)
    elif asking.to_towns:
        put_to_towns(question, town, asking.area)
    return question


def put_to_towns(question: TownQuestion, town: Organization, area: Area) -> None:
    """To those that do it by their own answers and agreed to be asked; never beyond the prefecture."""
    willing = set(
        AskingConsent.objects.filter(agreed=True, organization__prefecture=town.prefecture_id)
        .filter(organization__in=Organization.objects.living(timezone.localdate()))
        .exclude(organization=town)
        .values_list("organization", flat=True)
    )
    chosen = (
        [doer for doer in doers(town.prefecture_id or 0, area.pk) if doer.organization in willing] if willing else []
    )
    AskedTown.objects.bulk_create(
        AskedTown(question=question, organization_id=doer.organization, reason=doer.reason[:300])
        for doer in chosen[:MOST_ASKED]
    )


def answer(question_id: int, text: str, *, user: User) -> TownAnswer:
    """By the own side or a town that is asked, while the question is open; those who asked are told after the commit."""
    if not text.strip():
        raise NotPossible({"text": "回答を入力してください。"}, code="empty")
    with transaction.atomic():
        question = locked(TownQuestion.objects.for_user(user), question_id, "topic")
        if not TownQuestion.objects.answerable_by(user).filter(pk=question.pk).exists():
            if user.role in ACTING_ROLES and question.closed_at:
                raise NotPossible(
                    f"この質問は「{question.get_state_display()}」のため、回答できません。先に「受付中に戻す」を押してください。",
                    code="closed",
                )
            raise PermissionDenied
        row = store_answer(question, text, user)
        question.revision += 1
        question.save(update_fields=["revision"])
        transaction.on_commit(lambda: mails.answered(row.pk, by=user.pk))
        return row


def store_answer(question: TownQuestion, text: str, user: User) -> TownAnswer:
    """Remarks of towns are in their own name; of the supporting side in nobody's."""
    last = question.topic.remarks.aggregate(last=Max("position"))["last"] or 0
    organization = user.acting.organization if user.acting else None
    town = organization if organization and organization.is_municipality else None
    remark = Remark.objects.create(
        topic=question.topic,
        kind=RemarkKind.KNOW_HOW if town else RemarkKind.PROPOSAL,
        text=text.strip(),
        position=min(max(last, FIRST_PLACE) + 1, 30_000),
        organization=town,
        by=user,
        by_name=user.name,
    )
    return TownAnswer.objects.create(question=question, remark=remark)


def agrees(organization_id: int) -> bool:
    return AskingConsent.objects.filter(organization=organization_id, agreed=True).exists()


def agree(agreed: bool, *, user: User) -> None:
    """The town's own word; PermissionDenied for everybody else."""
    if not user.is_answering or not user.acting.organization.is_municipality:
        raise PermissionDenied
    AskingConsent.objects.update_or_create(organization=user.acting.organization, defaults={"agreed": agreed})
