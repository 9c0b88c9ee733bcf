"""「同じ悩み」: released topics that speak of the same, those of the same field and of towns of the same size first.

Of the released summaries alone, and only of those that the person may read. Three queries, however many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from consultations.models import Topic
from dxportal.core.accounts.models import User
from dxportal.core.organizations.domain.population import band_of
from dxportal.core.organizations.models import Profile
from dxportal.core.textsearch.analysis import WordKind, words
from dxportal.core.ui.folded import called

TELLING = 8  # words of the text that are looked for elsewhere
LOOKED_AT = 300  # topics that hold one of them, the newest first
LEAST = 2  # characters of a word that tells something
SAME_AREA = 1.0  # what the field and the size of the town count, in words that both texts hold
SAME_SIZE = 0.5
TELLING_KINDS = (WordKind.NOUN, WordKind.ACTION)


@dataclass(frozen=True, slots=True)
class SimilarTopic:
    """``reason``: what both share, in words."""

    topic: Topic
    reason: str


def alike(
    text: str, *, user: User, area: int | None = None, town: int | None = None, but: int | None = None, limit: int = 5
) -> list[SimilarTopic]:
    """``town``: whose size is compared; ``but``: the topic itself."""
    telling = telling_words(text)
    if not telling:
        return []
    rows = with_population(Topic.objects.released_to(user)).exclude(pk=but or 0)
    near = rows.filter(holds(telling)).select_related("organization", "area").order_by("-released_at", "pk")
    profile = Profile.objects.filter(organization=town, population__isnull=False).order_by("-fiscal_year").first()
    size = band_of(profile.population) if profile else None
    scored = []
    for topic in near[:LOOKED_AT]:
        shared = shared_words(telling, f"{topic.summary_title}\n{topic.summary}")
        same_area = area is not None and topic.area_id == area
        same_size = size is not None and band_of(topic.population) == size  # type: ignore[attr-defined]
        score = len(shared) + SAME_AREA * same_area + SAME_SIZE * same_size
        scored.append((-score, SimilarTopic(topic, reason(shared, topic, same_area, same_size))))
    # In the order of the database where they score the same: the newest first.
    return [each for _, each in sorted(scored, key=lambda pair: pair[0])[:limit]]


def telling_words(text: str) -> list[str]:
    """The nouns of a text, each once, in its order: what it is about comes first."""
    nouns = (word.surface for word in words(text[:2000]) if word.kind in TELLING_KINDS and len(word.surface) >= LEAST)
    return list(dict.fromkeys(nouns))[:TELLING]


def holds(telling: Iterable[str]) -> Q:
    anywhere = Q()
    for word in telling:
        anywhere |= called(word, "summary_title", "summary")
    return anywhere


def shared_words(telling: Iterable[str], text: str) -> list[str]:
    own = {word.lexeme for word in words(text)}
    return [word for word in telling if {each.lexeme for each in words(word)} <= own]


def reason(shared: list[str], topic: Topic, same_area: bool, same_size: bool) -> str:
    parts = [f"「{'」「'.join(shared[:3])}」が共通"] if shared else []
    if same_area and topic.area:
        parts.append(f"分野「{topic.area.name}」")
    if same_size:
        parts.append("同じくらいの人口")
    return "、".join(parts) or "内容のことばが近い"


def with_population(rows: QuerySet[Topic]) -> QuerySet[Topic]:
    profiles = Profile.objects.filter(organization=OuterRef("organization"), population__isnull=False)
    return rows.annotate(population=Subquery(profiles.order_by("-fiscal_year").values("population")[:1]))
