"""How the events of topics and of their parts read."""

from typing import Any

from django.db.models import Q

from consultations.enums import ContactState, RemarkKind, TopicAudience, TopicState
from consultations.models import ContactRequest, Remark, Topic, TopicAttachment
from dxportal.core.history.trail import HistoryList, Trail, events_of
from dxportal.core.ui.japanese import western

CEILING = 10_000


def of_topics(user: Any) -> Q:
    return Q(topic__in=Topic.objects.for_user(user).values("pk"))


TOPIC_TRAIL = Trail(
    code="topic",
    label="論点",
    events=events_of(Topic),
    reach=lambda user: Q(pgh_obj__in=Topic.objects.for_user(user).values("pk")),
    organization="organization",
    related=("organization", "area"),
    fields=(
        ("論点", lambda event: event.title),
        ("分野", lambda event: event.area.name if event.area else ""),
        ("話題にした人", lambda event: event.raised_by),
        ("結果", lambda event: event.outcome),
        ("公開の範囲", lambda event: TopicAudience(event.audience).label),
        ("公開の状態", lambda event: TopicState(event.state).label),
        ("公開する題名", lambda event: event.summary_title),
        ("公開する要約", lambda event: event.summary),
        ("公開予定日", lambda event: western(event.release_day) if event.release_day else ""),
        ("連絡先を伝えてよい", lambda event: "はい" if event.contact else "いいえ"),
    ),
    subject=lambda event: event.title,
    place=lambda event: event.organization,
    searched=("title", "outcome", "summary_title", "summary", "organization__name"),
)
REMARK_TRAIL = Trail(
    code="remark",
    label="発言",
    events=events_of(Remark),
    reach=of_topics,
    organization="topic__organization",
    related=("topic__organization",),
    fields=(
        ("種類", lambda event: RemarkKind(event.kind).label),
        ("発言", lambda event: "" if event.pgh_label == "delete" else event.text),
        ("氏名", lambda event: event.by_name),
    ),
    subject=lambda event: event.topic.title,
    place=lambda event: event.topic.organization,
    searched=("text", "topic__title", "topic__organization__name"),
)
ATTACHMENT_TRAIL = Trail(
    code="topic_attachment",
    label="論点の添付ファイル",
    events=events_of(TopicAttachment),
    reach=of_topics,
    organization="topic__organization",
    related=("topic__organization",),
    fields=(("ファイル名", lambda event: "" if event.pgh_label == "delete" else event.name),),
    subject=lambda event: f"{event.topic.title}：{event.name}",
    place=lambda event: event.topic.organization,
    searched=("name", "topic__title"),
)
CONTACT_TRAIL = Trail(
    code="contact_request",
    label="話を聞きたい",
    events=events_of(ContactRequest),
    reach=lambda user: Q(pgh_obj__in=ContactRequest.objects.for_user(user).values("pk")),
    organization="organization",
    related=("organization", "topic__organization"),
    fields=(
        ("状態", lambda event: ContactState(event.state).label),
        ("聞きたいこと", lambda event: event.message),
        ("回答", lambda event: event.reply),
    ),
    subject=lambda event: f"{event.organization.name}から{event.topic.organization.name}へ",
    place=lambda event: event.topic.organization,
    searched=("message", "reply", "organization__name", "topic__organization__name"),
)
TRAILS = (TOPIC_TRAIL, REMARK_TRAIL, ATTACHMENT_TRAIL, CONTACT_TRAIL)


def of_topic(topic: Topic) -> HistoryList:
    """For those present, as the topic itself."""
    own = TOPIC_TRAIL.events.objects.filter(pgh_obj=topic.pk)
    parts = ((trail, trail.events.objects.filter(topic=topic.pk)) for trail in (REMARK_TRAIL, ATTACHMENT_TRAIL))
    return HistoryList([(TOPIC_TRAIL, own), *parts], CEILING)
