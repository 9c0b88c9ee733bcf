"""Writing a topic: create, change, remove; and one remark more of a kind."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from consultations.domain.topics.content import KINDS, LATER, PLAIN, TopicContent, TopicLinkPart
from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES, TopicAudience, TopicOrigin, TopicState
from consultations.models import Remark, Session, Topic, TopicLink
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

# What other towns read, or are about to read, is taken back by its own move first.
ON_ITS_WAY = (TopicState.SHOWN, TopicState.RELEASED)


def content_of(topic: Topic) -> TopicContent:
    return TopicContent(
        **{name: getattr(topic, name) for name in PLAIN},
        area=topic.area_id,
        remarks=noted(topic),
        links=tuple(TopicLinkPart(link.title, link.url, link.case) for link in topic.links.all()),
    )


def noted(topic: Topic) -> dict[str, str]:
    """By kind what the record itself says; "" where nothing."""
    stored = {remark.kind: remark.text for remark in topic.remarks.all() if remark.position < LATER}
    return {kind: stored.get(kind, "") for kind in KINDS}


def towns_for(user: User) -> QuerySet[Organization]:
    """For which municipalities the person may write topics: those in reach; of people who only read, none."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return towns.order_by("sort_order", "code", "pk") if user.role in ACTING_ROLES else towns.none()


def create(
    organization_id: int, content: TopicContent, *, user: User, session: Session | None = None, origin: str = ""
) -> Topic:
    """A town's own is a proposal, whatever ``origin`` says but a question; nobody writes for a town out of reach."""
    if not towns_for(user).filter(pk=organization_id).exists():
        raise PermissionDenied
    wanted = origin or (TopicOrigin.SESSION if user.role in SUPPORTING_ROLES else TopicOrigin.PROPOSED)
    with transaction.atomic():
        # The last place of its session: two at once may share one, and then the key decides.
        last = Topic.objects.filter(session=session).aggregate(last=Max("position"))["last"] if session else None
        topic = Topic.objects.create(
            organization_id=organization_id,
            session=session,
            origin=wanted,
            position=min((last or 0) + 1, 30_000),
            area_id=content.area,
            created_by=user,
            **{name: getattr(content, name) for name in PLAIN},
        )
        write_remarks(topic, content.remarks, user)
        write_links(topic, content.links)
    return topic


def change(topic_id: int, content: TopicContent, *, user: User, revision: int) -> Topic:
    """Stores what somebody wrote who saw ``revision``; the same again changes nothing.

    PermissionDenied, Overtaken (with the topic) where it says something else by now.
    """
    with transaction.atomic():
        # Locked before it is compared: of two saves at once the second sees what the first has stored.
        topic = locked(Topic.objects.editable_by(user), topic_id)
        stored = content_of(topic)
        if same(stored, content):
            return topic
        if topic.revision != revision:
            raise Overtaken("この論点は、入力中にほかの人が変更しました。", topic)
        require_audience(topic, content.audience)
        for name in PLAIN:
            setattr(topic, name, getattr(content, name))
        topic.area_id = content.area
        write_remarks(topic, {kind: content.remark(kind) for kind in KINDS}, user)
        write_links(topic, content.links)
        touch(topic)
    return topic


def same(stored: TopicContent, content: TopicContent) -> bool:
    given = {kind: content.remark(kind) for kind in KINDS}
    plain = all(getattr(stored, name) == getattr(content, name) for name in (*PLAIN, "area", "links"))
    return plain and dict(stored.remarks) == given


def touch(topic: Topic) -> None:
    topic.revision += 1
    topic.save()


def require_audience(topic: Topic, audience: str) -> None:
    if audience == TopicAudience.HERE and topic.state in ON_ITS_WAY:
        raise NotPossible(
            {"audience": "公開中または団体が確認中の論点です。先に公開を取り下げるか、要約を書き直してください。"},
            code="on_its_way",
        )


def write_remarks(topic: Topic, remarks: Mapping[str, str], user: User) -> None:
    """The record's remark of each kind that is given: written, changed, or gone where it is empty."""
    stored = {remark.kind: remark for remark in topic.remarks.filter(position__lt=LATER)}
    for place, kind in enumerate(KINDS):
        text = remarks.get(kind)
        remark = stored.get(kind)
        if text is None or text == (remark.text if remark else ""):
            continue
        if remark is None:
            Remark.objects.create(topic=topic, kind=kind, text=text, position=place, by=user, by_name=user.name)
        elif text:
            remark.text = text
            remark.save(update_fields=["text"])
        else:
            remark.delete()


def write_links(topic: Topic, links: tuple[TopicLinkPart, ...]) -> None:
    """Those that stay are not touched."""
    stored = {TopicLinkPart(link.title, link.url, link.case): link for link in topic.links.all()}
    TopicLink.objects.filter(pk__in=[link.pk for part, link in stored.items() if part not in links]).delete()
    for part in dict.fromkeys(links):
        if part not in stored:
            TopicLink.objects.create(topic=topic, title=part.title, url=part.url, case=part.case)


def link_case(topic_id: int, case: int, *, user: User) -> None:
    """The case that was made of it, by whoever decides of the topic."""
    with transaction.atomic():
        topic = locked(Topic.objects.decided_by(user), topic_id)
        TopicLink.objects.get_or_create(topic=topic, case=case)


def add_remark(topic_id: int, kind: str, text: str, *, user: User) -> Remark:
    """One more remark, after the record's own, by whoever was present or supports; a town speaks in its own name."""
    if user.role not in ACTING_ROLES:
        raise PermissionDenied
    with transaction.atomic():
        topic = locked(Topic.objects.for_user(user), topic_id)
        if kind not in KINDS or not text.strip():
            raise NotPossible({"text": "発言を入力してください。"}, code="empty")
        last = topic.remarks.aggregate(last=Max("position"))["last"] or 0
        town = user.acting.organization if user.acting and user.acting.organization.is_municipality else None
        return Remark.objects.create(
            topic=topic,
            kind=kind,
            text=text.strip(),
            position=min(max(last + 1, LATER), 30_000),
            organization=town,
            by=user,
            by_name=user.name,
        )


def remove(topic_id: int, *, user: User) -> None:
    """Gone with its remarks and files; what others read, or are asked about, is withdrawn first."""
    with transaction.atomic():
        topic = locked(Topic.objects.editable_by(user), topic_id)
        if topic.state != TopicState.NOTED:
            raise NotPossible(
                f"この論点は現在「{topic.get_state_display()}」のため削除できません。公開を取り下げるか保留してください。",
                code="not_noted",
            )
        topic.delete()
