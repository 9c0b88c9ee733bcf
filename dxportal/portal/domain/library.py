"""Cases of the library for topics of the consultations, of which neither app knows the other.

What a topic links to, and a topic that becomes the draft of a case.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import Resolver404, resolve, reverse

from casestudies.domain.content import Content
from casestudies.domain.contribution.prefill import places
from casestudies.domain.contribution.write import create
from casestudies.enums import CONTRIBUTING_ROLES
from casestudies.models import Case
from consultations.domain.topics import cases, write
from consultations.domain.topics.cases import CaseTeller, LinkedCase
from consultations.domain.topics.sharing import release
from consultations.domain.topics.sharing.names import without_names
from consultations.models import Topic
from dxportal.core.accounts.models import User
from dxportal.core.links import absolute

# Of a case's title and summary, which may hold less than those of a topic.
TITLE_LIMIT = 120
SUMMARY_LIMIT = 400


def register() -> None:
    cases.register("casestudies", CaseTeller(titles, find, draft_address))


def titles(user: User, keys: Collection[int]) -> dict[int, LinkedCase]:
    """Of those that the person may open."""
    rows = Case.objects.for_user(user).filter(pk__in=keys).values_list("pk", "source_id", "title")
    return {pk: LinkedCase(title, reverse("casestudies:detail", args=[source_id])) for pk, source_id, title in rows}


def find(user: User, address: str) -> int | None:
    """The case that an address of this portal means, with the host or without; None where the person may not open it."""
    try:
        parts = urlsplit(address)
        if parts.netloc and f"{parts.scheme}://{parts.netloc}" != absolute("").rstrip("/"):
            return None
        match = resolve(parts.path)
    except (ValueError, Resolver404):  # no address at all, or none of this portal's
        return None
    if match.view_name != "casestudies:detail":
        return None
    return Case.objects.for_user(user).filter(**match.kwargs).values_list("pk", flat=True).first()


def may_draft(user: User, topic: Topic) -> bool:
    return user.role in CONTRIBUTING_ROLES and Topic.objects.decided_by(user).filter(pk=topic.pk).exists()


def draft_address(user: User, topic: Topic) -> str:
    return reverse("portal:topic_case", args=[topic.pk]) if may_draft(user, topic) else ""


def draft(topic: Topic, *, user: User) -> Case:
    """A draft of the person's own that says what others may read of the topic, linked from it.

    Without a summary it is what was said, persons left out: a draft is its author's alone until it is published.
    """
    if not may_draft(user, topic):
        raise PermissionDenied
    known = release.known_names(topic)
    text = topic.summary or release.begin(topic).text
    title = topic.summary_title or without_names(topic.title, known).text
    content = Content(
        title=title[:TITLE_LIMIT],
        summary=" ".join(text.split())[:SUMMARY_LIMIT],
        organizations=tuple(home.place for home in places([topic.organization])),
        areas=(topic.area.code,) if topic.area else (),
        actions=text,
    )
    with transaction.atomic():
        case = create(content, user=user)
        write.link_case(topic.pk, case.pk, user=user)
    return case
