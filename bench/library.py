"""A large case library: each case is crossed from two of ``fixtures/cases``, so that words meet as they do there."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from random import Random

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.database import without_triggers
from casestudies.enums import Audience, CaseState, FigureKind, PlaceRole
from casestudies.models import Case, CaseFigure, CaseIndex, CasePlace
from dxportal.core.organizations.models import Organization

CASES = 50_000
SEED = 50_000
BATCH = 2000
OWN = 0.7  # share of its sentences, words and parts that a case has of the first of the two
TEXTS = ("summary", "issue", "approach", "actions", "outcome", "points")
INSIDE, DRAFTS = 0.1, 0.04  # shares of the cases for one prefecture only, and of unpublished ones
MADE = "made-"  # of source ids
_SENTENCE = re.compile(r"[^。]+。?")


def load(count: int = CASES) -> None:
    """The cases of the fixtures and as many made ones, without index rows for the latter (``bench.indexing``)."""
    call_command("load_cases", verbosity=0)
    seeds = list(Case.objects.exclude(document=None).prefetch_related("places", "figures", "areas"))
    prefectures = list(Organization.objects.filter(kind="prefecture").values_list("pk", flat=True))
    created = Maker(seeds, prefectures, Random(SEED))  # noqa: S311 -- invented data, the same each time
    numbers = iter(range(count))
    with transaction.atomic(), without_triggers(Case, CasePlace, CaseFigure, Case.areas.through):
        while batch := list(itertools.islice(numbers, BATCH)):
            created.write(batch)


def made_cases():
    """Those that are not of the fixtures."""
    return Case.objects.filter(source_id__startswith=MADE)


class Maker:
    def __init__(self, seeds: Sequence[Case], prefectures: Sequence[int], rng: Random):
        self.seeds, self.prefectures, self.rng = seeds, prefectures, rng
        self.places = [place for seed in seeds for place in seed.places.all() if place.role == PlaceRole.MAIN]

    def write(self, numbers: Sequence[int]) -> None:
        parents = [self.rng.sample(self.seeds, 2) for _ in numbers]
        cases = Case.objects.bulk_create(self._case(n, *both) for n, both in zip(numbers, parents, strict=True))
        if not numbers[0]:  # foreign keys are checked by a plan, which is made for a table of the size then known
            analyze(Case)
        pairs = list(zip(cases, parents, strict=True))
        CasePlace.objects.bulk_create(place for case in cases for place in self._places(case))
        CaseFigure.objects.bulk_create(
            figure for case, (own, other) in pairs for figure in self._figures(case, own, other)
        )
        through = Case.areas.through
        through.objects.bulk_create(
            through(case_id=case.pk, area_id=area.pk) for case, (own, _) in pairs for area in own.areas.all()
        )

    def _case(self, number: int, own: Case, other: Case) -> Case:
        inside = self.rng.random() < INSIDE
        return Case(
            source_id=f"{MADE}{number:06}",
            title=f"{own.title}（{self.rng.choice(other.tags)}）"[:120],
            field_id=own.field_id,
            step=own.step,
            tags=self._some(own.tags, other.tags),
            keywords=self._some(own.keywords, other.keywords),
            year=self.rng.randint(2019, 2026),
            cost_text=self._either(own, other).cost_text,
            period=self._either(own, other).period,
            state=CaseState.DRAFT if self.rng.random() < DRAFTS else CaseState.PUBLISHED,
            audience=Audience.PREFECTURE if inside else Audience.EVERYONE,
            prefecture_id=self.rng.choice(self.prefectures) if self.prefectures else None,
            published_at=timezone.now(),
            **{name: self._text(getattr(own, name), getattr(other, name)) for name in TEXTS},
        )

    def _text(self, own: str, other: str) -> str:
        """As many sentences as the first has, in an order of their own."""
        sentences = _SENTENCE.findall(own)
        return "".join(self._mixed(sentences, _SENTENCE.findall(other), len(sentences)))

    def _some(self, own: Sequence[str], other: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(self._mixed(own, other, len(own))))

    def _mixed(self, own: Sequence[str], other: Sequence[str], count: int) -> list[str]:
        first = self.rng.sample(list(own), round(count * OWN))
        second = self.rng.sample(list(other), min(len(other), count - len(first)))
        return first + second

    def _either(self, own: Case, other: Case) -> Case:
        return own if self.rng.random() < OWN else other

    def _places(self, case: Case) -> Iterator[CasePlace]:
        """One or two organisations of the fixtures, of another size."""
        for position, pick in enumerate(self.rng.sample(self.places, self.rng.choice((1, 1, 1, 2)))):
            yield CasePlace(
                case=case,
                position=position,
                name=pick.name,
                kana=pick.kana,
                prefecture_name=pick.prefecture_name,
                kind=pick.kind,
                population=round(math.exp(self.rng.uniform(math.log(500), math.log(900_000)))),
            )

    def _figures(self, case: Case, own: Case, other: Case) -> Iterator[CaseFigure]:
        for kind in FigureKind.values:
            results = [figure for figure in self._either(own, other).figures.all() if figure.kind == kind]
            for position, item in enumerate(results):
                values = {name: getattr(item, name) for name in ("kind", "value", "unit", "meaning", "printed")}
                yield CaseFigure(case=case, position=position, **values)


def analyze(*models, verb: str = "ANALYZE") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{verb} {', '.join(model._meta.db_table for model in models)}")


def settle() -> None:
    """As the database would be after some time: statistics made, nothing left to clean up."""
    analyze(Case, CaseIndex, CasePlace, CaseFigure, verb="VACUUM (ANALYZE)")
