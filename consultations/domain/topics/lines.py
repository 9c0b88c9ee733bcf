"""Topics as lists show them: each with its day and the kinds of its remarks."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Coalesce

from consultations.domain.topics.content import KINDS, LABELS
from consultations.models import Remark, Topic
from dxportal.core.organizations import fiscal

# When it was talked about; for a topic without a session when it was written.
TALKED_ABOUT = Coalesce("session__occasion__starts_at", "created_at")


def with_day(rows: QuerySet[Topic]) -> QuerySet[Topic]:
    """``at``: when it was talked about."""
    return rows.annotate(at=TALKED_ABOUT)


def with_kinds(rows: QuerySet[Topic]) -> QuerySet[Topic]:
    """``kinds``: those of its remarks, each once."""
    # As an array by a subquery: joined, a topic would come once for each of its remarks.
    kinds = Remark.objects.filter(topic=OuterRef("pk")).order_by().values("kind").distinct()
    return rows.annotate(kinds=ArraySubquery(kinds))


def in_year(rows: QuerySet[Topic], year: int) -> QuerySet[Topic]:
    """Of a fiscal year."""
    return rows.alias(moment=TALKED_ABOUT).filter(moment__date__range=fiscal.bounds(year))


def kind_words(kinds: Iterable[str]) -> list[str]:
    """In the order of the form."""
    given = set(kinds)
    return [LABELS[kind] for kind in KINDS if kind in given]
