"""Released topics to test the search with."""

from django.utils import timezone

from consultations.enums import TopicState
from consultations.models import Remark, Topic


def a_released_topic(town, summary_title, summary="", *, remarks=(), area=None, session=None, **values) -> Topic:
    """``remarks``: (kind, text)."""
    topic = Topic.objects.create(
        **{
            "organization": town,
            "title": f"内々の題：{summary_title}",
            "summary_title": summary_title,
            "summary": summary or f"{summary_title}について話しました。",
            "state": TopicState.RELEASED,
            "released_at": timezone.now(),
            "area": area,
            "session": session,
        }
        | values
    )
    for position, (kind, text) in enumerate(remarks):
        Remark.objects.create(topic=topic, kind=kind, text=text, position=position)
    return topic
