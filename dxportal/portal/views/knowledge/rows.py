"""A page of what was found: cases as the library lists them, topics by their summary alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from casestudies.domain.search.marks import Marker
from casestudies.domain.search.search import Hit
from casestudies.forms.search.address import SearchAddress
from casestudies.views.search.inquiry import Inquiry
from casestudies.views.search.results import SNIPPET, HitRow, in_order, marked, marked_lines, row_of
from consultations.models import TopicIndex
from dxportal.portal.domain.knowledge.alike import released
from dxportal.portal.domain.knowledge.corpus import is_topic

TEXTS = ("summary",)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """Of the topic only what may be read; ``more``: the snippet is not the whole summary."""

    pk: int
    year: int | None
    area: str
    know_how: bool
    summary: str
    title: SafeString
    town: SafeString
    snippet: SafeString
    more: bool


@dataclass(frozen=True, slots=True)
class KnowledgeRow:
    """One of both."""

    case: HitRow | None = None
    topic: TopicRow | None = None


def rows_of(inquiry: Inquiry, hits: Sequence[Hit], address: SearchAddress, offset: int) -> list[KnowledgeRow]:
    """Read anew by who may: what was withdrawn since it was found is left out."""
    marker = Marker(inquiry.result.reading)
    drawn: dict[int, KnowledgeRow] = {}
    for case in in_order(inquiry.user, [hit.pk for hit in hits if not is_topic(hit.pk)], "places"):
        drawn[case.pk] = KnowledgeRow(case=row_of(inquiry, marker, case, ""))
    for row in released(inquiry.user, [hit.pk for hit in hits if is_topic(hit.pk)]):
        drawn[row.key] = KnowledgeRow(topic=topic_row(marker, row))
    return [drawn[hit.pk] for hit in hits if hit.pk in drawn]


def topic_row(marker: Marker, row: TopicIndex) -> TopicRow:
    topic = row.topic
    title, town = map(marked, marked_lines(marker, [topic.summary_title, topic.organization.name]))
    return TopicRow(
        pk=topic.pk,
        year=row.year,
        area=topic.area.name if topic.area else "",
        know_how="know_how:1" in row.facets,
        summary=topic.summary,
        title=title,
        town=town,
        snippet=marked(marker.snippet(topic, SNIPPET, TEXTS)),
        more=len(topic.summary) > SNIPPET,
    )
