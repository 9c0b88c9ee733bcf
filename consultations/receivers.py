"""What the index of topics does on news of what it is made from."""

from typing import Any

from django.db.models.signals import post_delete, post_save

from consultations.domain.topics import index
from consultations.enums import RemarkKind, TopicState
from consultations.models import Remark, Topic
from consultations.querysets import RELEASED
from dxportal.core.organizations.models import Organization, Profile
from dxportal.core.taxonomy.models import Area


def topic_saved(sender: Any, instance: Topic, **news: Any) -> None:
    """In the transaction of the save: a topic that leaves the public is out of the index with it."""
    if instance.state == TopicState.RELEASED:
        index.write([instance.pk])
    else:
        index.remove(instance.pk)


def topic_deleted(sender: Any, instance: Topic, **news: Any) -> None:
    """Its remarks went before it, and each of them may have written the row once more."""
    index.remove(instance.pk)


def remark_changed(sender: Any, instance: Remark, **news: Any) -> None:
    """Whether others find ノウハウ there, never what was said."""
    if instance.kind == RemarkKind.KNOW_HOW or not news.get("created"):
        index.write(Topic.objects.filter(pk=instance.topic_id, **RELEASED).values_list("pk", flat=True))


def place_saved(sender: Any, instance: Organization | Profile, *, created: bool, **news: Any) -> None:
    """A name, a bureau or a population are part of the town's rows."""
    if created and sender is Organization:
        return
    town = instance.organization_id if isinstance(instance, Profile) else instance.pk
    index.write(Topic.objects.filter(organization=town, **RELEASED).values_list("pk", flat=True))


def area_saved(sender: Any, instance: Area, *, created: bool, **news: Any) -> None:
    if not created:
        index.write(Topic.objects.filter(area=instance, **RELEASED).values_list("pk", flat=True))


def connect() -> None:
    post_save.connect(topic_saved, sender=Topic, dispatch_uid="consultations.topic_saved")
    post_delete.connect(topic_deleted, sender=Topic, dispatch_uid="consultations.topic_deleted")
    post_save.connect(remark_changed, sender=Remark, dispatch_uid="consultations.remark_saved")
    post_delete.connect(remark_changed, sender=Remark, dispatch_uid="consultations.remark_deleted")
    for kind in (Organization, Profile):
        post_save.connect(place_saved, sender=kind, dispatch_uid=f"consultations.place_saved.{kind.__name__}")
    post_save.connect(area_saved, sender=Area, dispatch_uid="consultations.area_saved")
