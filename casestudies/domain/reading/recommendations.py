"""Recommendations for a municipality, out of the cases that everybody in its prefecture may search."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, FloatField, Max, Min, OuterRef, Q, Sum, Value
from django.db.models.functions import Abs, Cast, Ln

from casestudies.domain.reading.fit import Candidate, Reader, Site, Weakness, recommend
from casestudies.enums import PlaceRole
from casestudies.models import Case, CaseArea, CasePlace

WEIGHED = 600  # cases looked at, the nearest in population first
NAMED_PLACES = 2
Row = tuple[int, str, str, int | None, list[str]]


@dataclass(frozen=True, slots=True)
class RecommendedCase:
    """``place``: who did it, in words; ``population``: of a single one."""

    source_id: str
    title: str
    reason: str
    place: str
    population: int | None


def library_mark(user) -> tuple:
    """Another one after any change of what ``recommended`` could tell the person; one query."""
    # One figure alone would miss a change: where a case comes and another goes, the count stays the same.
    marks = Case.objects.published_for(user).aggregate(
        count=Count("pk"), keys=Sum("pk"), revisions=Sum("revision"), latest=Max("updated_at")
    )
    return tuple(marks.values())


def recommended(
    prefecture_id: int | None,
    town_id: int,
    reader: Reader,
    weaknesses: Iterable[Weakness],
    taken: Collection[str],
    limit: int,
) -> list[RecommendedCase]:
    """Never a case of the municipality itself. Two queries."""
    rows = _rows(prefecture_id, town_id, reader)
    places: dict[int, list[CasePlace]] = {pk: [] for pk, *_ in rows}
    for place in CasePlace.objects.filter(case__in=places, role=PlaceRole.MAIN):
        places[place.case_id].append(place)
    candidates = []
    for pk, source_id, title, step, areas in rows:
        sites = tuple(Site(place.population, place.kind, place.prefecture_name) for place in places[pk])
        candidates.append(Candidate(source_id, title, step, frozenset(areas), sites))
    keys = {source_id: pk for pk, source_id, *_ in rows}
    cases = []
    for pick in recommend(weaknesses, reader, candidates, taken, limit):
        own = places[keys[pick.source_id]]
        population = own[0].population if len(own) == 1 else None
        cases.append(RecommendedCase(pick.source_id, pick.title, pick.reason, place_words(own), population))
    return cases


def _rows(prefecture_id: int | None, town_id: int, reader: Reader) -> list[Row]:
    """By the logarithm of how many times as large, the unknown last; by the day where the reader's size is unknown."""
    own = CasePlace.objects.filter(case=OuterRef("pk"), role=PlaceRole.MAIN, organization=town_id)
    cases = Case.objects.published_in(prefecture_id).filter(~Exists(own)).exclude(organization=town_id)
    if reader.population:
        # Above 0 only: the database refuses the logarithm of 0, and the whole list would fail.
        known = Q(places__role=PlaceRole.MAIN, places__population__gt=0)
        ratio = Cast("places__population", FloatField()) / Value(float(reader.population))
        far = Min(Abs(Ln(ratio)), filter=known)
        nearest = cases.annotate(far=far).order_by(F("far").asc(nulls_last=True), "pk")
    else:
        nearest = cases.order_by("-published_at", "pk")
    # As an array by a subquery: joined, a case would come once for each of its areas.
    areas = CaseArea.objects.filter(case=OuterRef("pk")).values("area__name")
    return list(nearest.values_list("pk", "source_id", "title", "step", ArraySubquery(areas))[:WEIGHED])


def place_words(places: Sequence[CasePlace]) -> str:
    """At most two names: 「福島県会津若松市、山形県酒田市ほか3団体」."""
    names = "、".join(place.full_name for place in places[:NAMED_PLACES])
    more = len(places) - NAMED_PLACES
    return f"{names}ほか{more}団体" if more > 0 else names
