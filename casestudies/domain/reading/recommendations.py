"""Recommendations for a municipality, out of the cases that the person who asks may search."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, FloatField, Max, Min, OuterRef, Q, QuerySet, Sum, Value
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
    marks = Case.objects.published_for(user).aggregate(
        count=Count("pk"), keys=Sum("pk"), revisions=Sum("revision"), latest=Max("updated_at")
    )
    return tuple(marks.values())


def recommended(
    user, town_id: int, reader: Reader, weaknesses: Iterable[Weakness], taken: Collection[str], limit: int
) -> list[RecommendedCase]:
    """Never a case of the municipality itself. Two queries."""
    rows = _rows(user, town_id, reader)
    places: dict[int, list[CasePlace]] = {}
    for place in CasePlace.objects.filter(case__in=[row[0] for row in rows], role=PlaceRole.MAIN):
        places.setdefault(place.case_id, []).append(place)
    by_id = {row[1]: places.get(row[0], []) for row in rows}
    picks = recommend(weaknesses, reader, [_candidate(row, by_id[row[1]]) for row in rows], taken, limit)
    return [
        RecommendedCase(
            pick.source_id, pick.title, pick.reason, place_words(by_id[pick.source_id]), _size(by_id[pick.source_id])
        )
        for pick in picks
    ]


def _rows(user, town_id: int, reader: Reader) -> list[Row]:
    own = CasePlace.objects.filter(case=OuterRef("pk"), role=PlaceRole.MAIN, organization=town_id)
    cases = Case.objects.published_for(user).filter(~Exists(own)).exclude(organization=town_id)
    areas = CaseArea.objects.filter(case=OuterRef("pk")).values("area__name")
    columns = ("pk", "source_id", "title", "step")
    return list(_nearest(cases, reader).values_list(*columns, ArraySubquery(areas))[:WEIGHED])


def _nearest(cases: QuerySet[Case], reader: Reader) -> QuerySet[Case]:
    """By the logarithm of how many times as large, the unknown last."""
    if not reader.population:
        return cases.order_by("-published_at", "pk")
    known = Q(places__role=PlaceRole.MAIN, places__population__gt=0)
    ratio = Cast("places__population", FloatField()) / Value(float(reader.population))
    far = Min(Abs(Ln(ratio)), filter=known)
    return cases.annotate(far=far).order_by(F("far").asc(nulls_last=True), "pk")


def _candidate(row: Row, places: Sequence[CasePlace]) -> Candidate:
    _, source_id, title, step, areas = row
    sites = tuple(Site(place.population, place.kind, place.prefecture_name) for place in places)
    return Candidate(source_id, title, step, frozenset(areas), sites)


def place_words(places: Sequence[CasePlace]) -> str:
    """At most two names: 「福島県会津若松市、山形県酒田市ほか3団体」."""
    names = "、".join(place.full_name for place in places[:NAMED_PLACES])
    more = len(places) - NAMED_PLACES
    return f"{names}ほか{more}団体" if more > 0 else names


def _size(places: Sequence[CasePlace]) -> int | None:
    return places[0].population if len(places) == 1 else None
