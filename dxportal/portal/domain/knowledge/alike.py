"""同じ悩み: released topics like a text, by the engine of the knowledge search."""

from functools import partial
from math import inf, log

from django.urls import reverse

from casestudies.domain.search import search
from casestudies.domain.search.filters import SearchFilters
from consultations.domain.topics import alike
from consultations.domain.topics.alike import MOST, AlikeFinder, AlikeTopic
from consultations.models import Topic, TopicIndex
from consultations.models.topic_index import FIRST_KEY
from dxportal.core.accounts.models import User
from dxportal.portal.domain.knowledge.corpus import KNOWLEDGE, TOPIC

TOPICS_ONLY = SearchFilters({"sources": frozenset({TOPIC})})
LONGEST = 200  # characters of the text that are looked for


def register() -> None:
    alike.register(AlikeFinder(find, lambda: reverse("portal:knowledge_alike")))


def find(user: User, text: str, but: int | None = None) -> list[AlikeTopic]:
    """Those of towns of a similar size first, among the best by what they say."""
    result = search.find(user, text[:LONGEST], TOPICS_ONLY, corpus=KNOWLEDGE)
    keys = [hit.pk for hit in result.page(0, MOST + 1) if hit.pk != FIRST_KEY + (but or 0)][:MOST]
    rows = {row.key: row for row in released(user, keys)}
    chosen = [rows[key] for key in keys if key in rows]
    return [told(row) for row in sorted(chosen, key=partial(distance, population_of(user)))]


def population_of(user: User) -> int | None:
    standpoint = search.standpoint_of(user)
    return standpoint.population if standpoint else None


def distance(population: int | None, row: TopicIndex) -> float:
    """How many times larger or smaller the row's town is, as a logarithm; what is not known is far."""
    theirs = row.populations[0] if row.populations else 0
    return abs(log(theirs / population)) if population and theirs > 0 else inf


def released(user: User, keys: list[int]) -> list[TopicIndex]:
    """The index rows with their topics, of which the summary alone is read; asked anew by who may."""
    topics = Topic.objects.released_to(user).filter(pk__in=[key - FIRST_KEY for key in keys])
    rows = TopicIndex.objects.filter(topic__in=topics).select_related("topic__organization", "topic__area")
    texts = ("summary_title", "summary", "organization__name", "area__name")
    return list(rows.only("key", "year", "facets", "populations", *(f"topic__{name}" for name in texts)))


def told(row: TopicIndex) -> AlikeTopic:
    topic = row.topic
    return AlikeTopic(
        pk=topic.pk,
        title=topic.summary_title,
        town=topic.organization.name,
        summary=topic.summary,
        year=row.year,
        know_how="know_how:1" in row.facets,
        url=reverse("consultations:topic_released", args=[topic.pk]),
    )
