"""Moves of a topic on its path to the other towns (``enums.TOPIC_MOVES``). Every move leaves a TopicTransition row."""

import datetime as dt

from django.utils import timezone

from consultations.domain.topics.sharing import mails
from consultations.enums import TOPIC_MOVES, TopicAudience, TopicMove
from consultations.models import Topic, TopicTransition
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import Moving, Workflow, moving

TOPICS = Workflow(
    model=Topic,
    table=TOPIC_MOVES,
    subject="この論点",
    labels=dict(TopicMove.choices),
    log=TopicTransition,
    log_key="topic",
    announce=mails.announce,
)
OVERTAKEN = "この要約は、入力中にほかの人が変更しました。"


def possible_moves(topic: Topic, user: User) -> frozenset[str]:
    """What the person may do with the topic as it stands; what is for those present alone is shown to no other town."""
    may = Topic.objects.decided_by(user).filter(pk=topic.pk).exists()
    moves = TOPICS.possible(topic, user) if may else frozenset()
    return moves - {TopicMove.SHOW} if topic.audience == TopicAudience.HERE else moves


def show(topic_id: int, *, title: str, summary: str, day: dt.date, user: User, revision: int) -> Topic:
    """The town sees what others will read, and has until ``day`` (released on it by the clock) to object."""
    with moving(TOPICS, Topic.objects.decided_by(user), topic_id, TopicMove.SHOW, user=user) as step:
        if step.row.audience == TopicAudience.HERE:
            raise NotPossible(
                "この論点は関係者だけのものです。公開するときは、先に公開の範囲を変えてください。", code="here"
            )
        write_summary(step, title, summary, revision)
        step.row.release_day = day
        step.log["move"] = TopicMove.SHOW
    return step.row


def agree(topic_id: int, *, title: str, summary: str, user: User, revision: int) -> Topic:
    """The town lets it be released at once, as it stands or as it has changed it."""
    with moving(TOPICS, Topic.objects.decided_by(user), topic_id, TopicMove.AGREE, user=user) as step:
        write_summary(step, title, summary, revision)
        publish(step)
        step.log["move"] = TopicMove.AGREE
    return step.row


def release(topic_id: int) -> Topic:
    """By the clock. NotPossible where the town objected meanwhile."""
    with moving(TOPICS, Topic.objects.all(), topic_id, TopicMove.RELEASE, user=None) as step:
        if step.row.release_day is None or step.row.release_day > timezone.localdate():
            raise NotPossible("公開予定日がまだ来ていません。", code="not_due")  # shown anew since it was looked up
        publish(step)
        step.log["move"] = TopicMove.RELEASE
    return step.row


def make_move(topic_id: int, move: str, *, user: User, reason: str = "") -> Topic:
    """OBJECT, HOLD, WITHDRAW and REVISE. From then on nobody else reads it. PermissionDenied, NotPossible."""
    if move in (TopicMove.SHOW, TopicMove.AGREE, TopicMove.RELEASE):
        raise ValueError(move)
    with moving(TOPICS, Topic.objects.decided_by(user), topic_id, move, user=user, reason=reason) as step:
        step.row.release_day = None
        step.row.released_at = None
        step.log["move"] = move
    return step.row


def write_summary(step: Moving[Topic], title: str, summary: str, revision: int) -> None:
    if not title.strip() or not summary.strip():
        raise NotPossible("公開する題名と要約を入力してください。", code="empty")
    if (step.row.summary_title, step.row.summary) == (title, summary):
        return
    if step.row.revision != revision:
        raise Overtaken(OVERTAKEN, step.row)
    step.row.summary_title = title
    step.row.summary = summary
    step.row.revision += 1


def publish(step: Moving[Topic]) -> None:
    step.row.released_at = timezone.now()
    step.row.release_day = None
