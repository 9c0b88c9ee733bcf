"""Files of a topic: added and removed by those who may change it, read by those present. Other towns never get one."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from consultations.models import Topic
from dxportal.core.accounts.models import User
from dxportal.core.files.attachments import attach
from dxportal.core.files.models import AttachedFile
from dxportal.core.workflow.moves import locked

NOUN = "一つの論点"


def add(topic_id: int, files: Sequence[Any], *, user: User) -> list[AttachedFile]:
    """Stores uploaded files, all or none. PermissionDenied; NotPossible naming each refused file."""
    with transaction.atomic():
        topic = locked(Topic.objects.editable_by(user), topic_id)
        return attach(topic, files, user=user, noun=NOUN)


def remove(topic_id: int, attachment_id: int, *, user: User) -> None:
    with transaction.atomic():
        topic = locked(Topic.objects.editable_by(user), topic_id)
        # Looked for among the locked topic's own: the id of another topic's file removes nothing.
        topic.attachments.filter(pk=attachment_id).delete()
