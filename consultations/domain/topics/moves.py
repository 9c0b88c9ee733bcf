"""Moves of a topic on its path to the other towns (``enums.TOPIC_MOVES``). Every move leaves a TopicTransition row."""

from consultations.enums import TOPIC_MOVES, TopicMove
from consultations.models import Topic, TopicTransition
from dxportal.core.workflow.moves import Workflow

TOPICS = Workflow(
    model=Topic,
    table=TOPIC_MOVES,
    subject="この論点",
    labels=dict(TopicMove.choices),
    log=TopicTransition,
    log_key="topic",
)
