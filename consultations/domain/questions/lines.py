"""Questions as lists show them, and a question as a person may read it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, QuerySet, Value, When
from django.utils import timezone

from consultations.domain.questions.waiting import is_late, waiting_words
from consultations.enums import QuestionState
from consultations.models import TopicAttachment, TownAnswer, TownQuestion
from dxportal.core.accounts.models import User


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """``own``: of the person's own side; otherwise it was put to the person's town."""

    question: TownQuestion
    own: bool
    late: bool
    words: str


def listed(rows: QuerySet[TownQuestion]) -> QuerySet[TownQuestion]:
    """With what ``lines`` reads; open ones without an answer first, the oldest of them first, then the newest."""
    place = Case(
        When(state=QuestionState.OPEN, answer_count=0, then=Value(0)),
        When(state=QuestionState.OPEN, then=Value(1)),
        default=Value(2),
    )
    counted = rows.annotate(answer_count=Count("answers"))
    waiting_since = Case(When(state=QuestionState.OPEN, answer_count=0, then="created_at"))
    return (
        counted.annotate(place=place, waiting_since=waiting_since)
        .select_related("topic__organization", "topic__area")
        .order_by("place", "waiting_since", "-created_at", "pk")
    )


def lines(rows: Iterable[TownQuestion], own: set[int], today: dt.date) -> list[QuestionLine]:
    """``rows`` out of ``listed``; ``own``: keys of those of the person's own side."""
    return [
        QuestionLine(
            question,
            question.pk in own,
            is_late(question.state, question.answer_count, day_of(question), today),  # type: ignore[attr-defined]
            waiting_words(question.state, question.answer_count, day_of(question), today),  # type: ignore[attr-defined]
        )
        for question in rows
    ]


def day_of(question: TownQuestion) -> dt.date:
    return timezone.localtime(question.created_at).date()


def answers_of(question: TownQuestion) -> QuerySet[TownAnswer]:
    return question.answers.select_related("remark__organization").order_by("pk")


def files_for(question: TownQuestion, user: User) -> QuerySet[TopicAttachment]:
    """The own side reads all files of the topic; a town that is asked those that came with the question."""
    rows = question.topic.attachments.all()
    own = TownQuestion.objects.own_of(user).filter(pk=question.pk).exists()
    return rows if own else rows.filter(pk__in=question.shared_files)
