"""Topics of a session's log: each text saved as it is typed, and the row of a form makes its topic once.

A row is known by a key: that of the row of the form in which the topic was first written, or of the topic itself. So a
save whose answer was lost, a second one and the form's own all mean the same topic.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from consultations.domain.topics import write
from consultations.domain.topics.content import KINDS, LABELS, LIMIT, LIMITS, TopicContent
from consultations.models import Session, Topic
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.texts import TextConflict, TypedText, conflicts, mark

TYPED = ("title", "raised_by", *KINDS, "outcome")
KEY = r"t\d{1,15}|u\d{1,15}-\d{1,4}-\d{1,4}"
OVERTAKEN = "入力中にほかの人が書き換えた欄があります。"


@dataclass(frozen=True, slots=True)
class TypedTopic:
    """A row of the form. ``organization``: its town, which a topic keeps once it is stored."""

    key: str
    texts: Mapping[str, TypedText]
    organization: int
    area: int | None = None
    removed: bool = False


def key_of(topic: Topic) -> str:
    return topic.slot or f"t{topic.pk}"


def row_keys(topics: Sequence[Topic], user: User) -> str:
    """What the keys of new rows of the person begin with: the same as long as no row would mean a stored topic."""
    number = 0
    slots = {topic.slot for topic in topics}
    while any(f"u{user.pk}-{number}-{row}" in slots for row in range(len(topics), len(topics) + 60)):
        number += 1
    return f"u{user.pk}-{number}-"


def of_session(session: Session, user: User) -> list[Topic]:
    """Those that the person may write, in the order of the session: what the town proposed is among them."""
    rows = Topic.objects.editable_by(user).filter(session=session).prefetch_related("remarks")
    return list(rows.order_by("position", "pk"))


def texts_of(topic: Topic) -> dict[str, str]:
    plain = {"title": topic.title, "raised_by": topic.raised_by, "outcome": topic.outcome}
    return {name: (plain | write.noted(topic))[name] for name in TYPED}


def stored(session: Session, key: str, user: User) -> Topic | None:
    rows = Topic.objects.editable_by(user).filter(session=session).select_for_update(of=("self",))
    return rows.filter(pk=int(key[1:])).first() if key.startswith("t") else rows.filter(slot=key).first()


def make(session: Session, key: str, organization: int, user: User) -> Topic:
    """The row's topic, empty. In a transaction, the session locked: of two saves of one row one makes it."""
    if not key.startswith(f"u{user.pk}-"):
        raise PermissionDenied  # another person's row, or a topic that is gone
    topic = write.create(organization, TopicContent(""), user=user, session=session)
    topic.slot = key
    topic.save(update_fields=["slot"])
    return topic


def save_text(session: Session, key: str, name: str, typed: TypedText, organization: int, *, user: User) -> str:
    """One text as it is typed; what is stored. The session is locked. PermissionDenied; NotPossible; Overtaken."""
    check_length(name, typed.text)
    topic = stored(session, key, user)
    if topic is None:
        if not typed.text and key.startswith("u"):
            return ""  # nothing was written, so nothing is made
        topic = make(session, key, organization, user)
        typed = written_first(typed)
    put(topic, {name: typed}, user)
    return texts_of(topic)[name]


def save_row(session: Session, row: TypedTopic, *, user: User) -> bool:
    """Whether it changed anything. The session is locked."""
    topic = stored(session, row.key, user)
    if row.removed:
        if topic is not None:
            write.remove(topic.pk, user=user)
        return topic is not None
    for name, typed in row.texts.items():
        check_length(name, typed.text)
    texts = row.texts
    if topic is None:
        topic = make(session, row.key, row.organization, user)
        texts = {name: written_first(typed) for name, typed in texts.items()}
    return put(topic, texts, user, area=row.area)


def written_first(typed: TypedText) -> TypedText:
    """Of a row that was just made nobody can have seen anything else."""
    return TypedText(typed.text, mark(""))


def put(topic: Topic, typed: Mapping[str, TypedText], user: User, **others: int | None) -> bool:
    """``others``: ``area``, where it was chosen."""
    now = texts_of(topic)
    if wrong := conflicts(now, typed, LABELS):
        raise Overtaken(OVERTAKEN, named(topic, wrong))
    changed = {name: entry.text for name, entry in typed.items() if entry.text != now[name]}
    moved = "area" in others and others["area"] != topic.area_id
    if not changed and not moved:
        return False
    write.write_remarks(topic, {kind: changed[kind] for kind in KINDS if kind in changed}, user)
    for name in ("title", "raised_by", "outcome"):
        setattr(topic, name, changed.get(name, getattr(topic, name)))
    topic.area_id = others.get("area", topic.area_id)
    write.touch(topic)
    # What was read along before is old now.
    topic._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    return True


def named(topic: Topic, wrong: Sequence[TextConflict]) -> tuple[TextConflict, ...]:
    title = topic.title or "論点"
    return tuple(TextConflict(each.name, f"{title}：{each.label}", each.stored, each.typed) for each in wrong)


def check_length(name: str, text: str) -> None:
    limit = LIMITS.get(name, LIMIT)
    if len(text) > limit:
        raise NotPossible(f"「{LABELS[name]}」は{limit:,}文字以内で入力してください。", code="too_long")


NAME_IN_FORM = re.compile(rf"topic-({KEY})-({'|'.join(TYPED)})", re.ASCII)
