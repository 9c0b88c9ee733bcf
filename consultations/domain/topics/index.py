"""Writes what the search reads of released topics, in the transaction that changes one: of their summary, and no more."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone

from consultations.enums import RemarkKind
from consultations.models import Remark, Topic, TopicIndex, TopicWord
from consultations.models.topic_index import FIRST_KEY
from consultations.querysets import RELEASED
from dxportal.core.kana import is_katakana
from dxportal.core.organizations.domain.called import NAME, spellings, true_words
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Profile
from dxportal.core.textsearch.vectors import Document, build, key

CHUNK = 200
UNKNOWN = -1  # of a population
COLUMNS = ("vector", "facets", "populations", "kinds", "prefectures", "year", "digest")


def write(pks: Collection[int]) -> None:
    """The index rows of these topics, as they are now: one that is not released has none."""
    ordered = sorted(pks)
    if not ordered:
        return
    with transaction.atomic():
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            topics = list(_released(chunk))
            TopicIndex.objects.filter(topic__in=chunk).exclude(topic__in=topics).delete()
            if topics:
                _store(topics)


def remove(pk: int) -> None:
    """Out of the index with a topic that others no longer read."""
    TopicIndex.objects.filter(topic=pk).delete()


@transaction.atomic
def rebuild() -> int:
    """All index rows anew, after a change of the analysis or of its dictionary; number of topics."""
    # ``write`` only ever adds words: those of topics that were withdrawn go here.
    TopicWord.objects.all().delete()
    TopicIndex.objects.exclude(topic__in=Topic.objects.filter(**RELEASED)).delete()
    pks = list(Topic.objects.filter(**RELEASED).values_list("pk", flat=True))
    write(pks)
    return len(pks)


def _released(pks: Iterable[int]) -> QuerySet[Topic]:
    """Locked in one order: two writers of the same ones wait for each other, and what is read is what is indexed."""
    know_how = Remark.objects.filter(topic=OuterRef("pk"), kind=RemarkKind.KNOW_HOW)
    profiles = Profile.objects.filter(organization=OuterRef("organization"), population__isnull=False)
    newest = profiles.order_by("-fiscal_year").values("population")[:1]
    related = ("area", "organization__parent", "organization__prefecture", "session__occasion")
    rows = Topic.objects.filter(pk__in=list(pks), **RELEASED).select_related(*related).order_by("pk")
    return rows.annotate(know_how=Exists(know_how), population=Subquery(newest)).select_for_update(
        of=("self",), no_key=True
    )


def _store(topics: Collection[Topic]) -> None:
    words: dict[tuple[str, bool], str] = {}
    rows = []
    for topic in topics:
        built = build(document(topic))
        words |= {(word, False): reading for word, reading in built.spoken.items()}
        words |= {(name, True): name for _, name in _names(topic)}
        rows.append(_row(topic, built.literal))
    TopicIndex.objects.bulk_create(rows, update_conflicts=True, update_fields=COLUMNS, unique_fields=("topic",))
    # In order, so that two writers of the same words wait for each other rather than forever.
    TopicWord.objects.bulk_create(
        [
            TopicWord(word=word, reading=reading, is_katakana=is_katakana(word), is_name=is_name)
            for (word, is_name), reading in sorted(words.items())
        ],
        ignore_conflicts=True,
    )


def document(topic: Any) -> Document:
    """Of a topic as ``_released`` reads it. Weights as in the library: A title and town, B area, C text."""
    town = topic.organization
    texts = [("A", topic.summary_title), ("A", f"{town.prefecture.name}{town.name}")]
    texts += [("B", topic.area.name if topic.area else ""), ("C", topic.summary)]
    keys = {(weight, key(NAME, name)) for weight, name in _names(topic)}
    return Document(texts, keys, [("C", words) for words in true_words(town.municipality_kind, topic.population)])


def digest(title: str, summary: str) -> str:
    """As the database's guard computes it."""
    return hashlib.md5(f"{title}\n{summary}".encode(), usedforsecurity=False).hexdigest()


def _row(topic: Any, vector: str) -> TopicIndex:
    town = topic.organization
    return TopicIndex(
        topic=topic,
        key=FIRST_KEY + topic.pk,
        vector=Cast(Value(vector), SearchVectorField()),
        facets=_facets(topic),
        populations=[UNKNOWN if topic.population is None else topic.population],
        kinds=[town.municipality_kind],
        prefectures=[town.prefecture.name],
        year=_year(topic),
        digest=digest(topic.summary_title, topic.summary),
    )


def _facets(topic: Any) -> list[str]:
    head = topic.organization.parent
    held = {
        "areas": topic.area.code if topic.area else None,
        "bureaus": head.pk if head.kind == OrganizationKind.BUREAU else None,
        "know_how": 1 if topic.know_how else None,
        "years": _year(topic),
    }
    return sorted(f"{name}:{value}" for name, value in held.items() if value is not None)


def _year(topic: Any) -> int:
    """The fiscal year in which it was talked about."""
    moment = topic.session.occasion.starts_at if topic.session else topic.created_at
    return fiscal_year_of(timezone.localdate(moment))


def _names(topic: Any) -> frozenset[tuple[str, str]]:
    town = topic.organization
    return spellings(town.name, town.kana, town.prefecture.name, town.municipality_kind)
