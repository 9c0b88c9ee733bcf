"""What to offer while somebody types: towns, areas and titles, only of what the person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from casestudies.domain.search.search import Hit
from casestudies.domain.search.suggestions import LONGEST, MOST_NAMES, MOST_WORDS, organizations_called
from casestudies.models import Case
from consultations.models import Topic
from dxportal.core.names import name_key, reading_key
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.textsearch.language import even
from dxportal.core.ui.folded import called
from dxportal.portal.domain.knowledge.corpus import is_topic

MOST_TITLES = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind``: organization, area, title (of a case, ``value`` its number) or topic (``value``: its title)."""

    kind: str
    label: str
    value: str


def suggest(user: Any, text: str, hits: Iterable[Hit]) -> list[Suggestion]:
    """``hits``: what the search itself finds for the text, best first."""
    text = even(" ".join(text.split()))
    if not name_key(text) or len(text) > LONGEST or "\x00" in text:
        return []
    titles = [
        Suggestion("topic", hit.title, hit.title) if is_topic(hit.pk) else Suggestion("title", hit.title, hit.source_id)
        for hit in hits
    ]
    return [*towns(user, text), *areas(user, text), *titles]


def towns(user: Any, text: str) -> list[Suggestion]:
    """Of released topics and of cases, by the beginning of name or reading."""
    topics = Topic.objects.released_to(user).filter(organization=OuterRef("pk"))
    begins = Q(kana__startswith=reading_key(text)) | Q(name__folded__startswith=name_key(text))
    near = Organization.objects.filter(begins, Exists(topics)).values_list("name", flat=True)[:MOST_NAMES]
    of_cases = organizations_called(Case.objects.published_for(user), text)
    offers = {name: Suggestion("organization", name, name) for name in near}
    offers |= {
        case.value: Suggestion("organization", case.label, case.value) for case in of_cases if case.value not in offers
    }
    return list(offers.values())[:MOST_NAMES]


def areas(user: Any, text: str) -> list[Suggestion]:
    """Only words that lead somewhere."""
    used = Exists(Case.objects.published_for(user).filter(areas=OuterRef("pk"))) | Exists(
        Topic.objects.released_to(user).filter(area=OuterRef("pk"))
    )
    rows = Area.objects.filter(used).filter(called(text, "name")).values_list("code", "name")[:MOST_WORDS]
    return [Suggestion("area", name, code) for code, name in rows]
