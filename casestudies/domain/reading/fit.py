"""Which cases a municipality is told of, and why: for what is weak, from those most like it. Pure."""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

NEAR = 2  # times as many people, or half as many, is near
# A case of the same kind is worth as much as one half as far away; and so on. All in logarithms of people.
SAME_KIND = math.log(2)
SAME_PREFECTURE = math.log(3)
FURTHER_WEAKNESS = math.log(1.25)
UNKNOWN = math.log(10)
NAMED = 2  # weaknesses named in a reason
KINDS = {"prefecture": "都道府県", "city": "市", "town": "町", "village": "村", "ward": "特別区"}


@dataclass(frozen=True, slots=True)
class Weakness:
    """``gap``: ``unit`` below the prefecture's mean, as it is to be printed; ``share``: of what could be reached.

    A weak step has its number in ``step``, a weak area its name in ``areas``.
    """

    label: str
    gap: Decimal
    unit: str
    share: Fraction
    step: int | None = None
    areas: frozenset[str] = frozenset()

    def met_by(self, candidate: "Candidate") -> bool:
        return (self.step is not None and self.step == candidate.step) or not self.areas.isdisjoint(candidate.areas)


@dataclass(frozen=True, slots=True)
class Reader:
    """The municipality; ``kind`` as in ``KINDS``."""

    population: int | None
    kind: str
    prefecture: str


@dataclass(frozen=True, slots=True)
class Site:
    """An organisation that did the case."""

    population: int | None
    kind: str
    prefecture: str


NOWHERE = Site(None, "", "")  # of a case that names nobody: unlike everybody


@dataclass(frozen=True, slots=True)
class Candidate:
    source_id: str
    title: str
    step: int | None
    areas: frozenset[str]
    sites: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    source_id: str
    title: str
    reason: str


def recommend(
    weaknesses: Iterable[Weakness],
    reader: Reader,
    candidates: Iterable[Candidate],
    taken: Collection[str],
    limit: int,
) -> list[Recommendation]:
    """The worst weaknesses take turns, each with the likest case that is left for it.

    With no weakness to meet: cases of organisations like the reader, and only where something really is alike.
    """
    worst = sorted(
        (weakness for weakness in weaknesses if weakness.gap > 0),
        key=lambda weakness: (-weakness.share, weakness.label),
    )
    matches = [Match.of(candidate, worst, reader) for candidate in candidates if candidate.source_id not in taken]
    ranked = sorted(matches, key=lambda match: match.rank)
    picks = _in_turns(worst, ranked, limit) or [match for match in ranked if match.alike][:limit]
    return [Recommendation(match.candidate.source_id, match.candidate.title, match.reason) for match in picks]


@dataclass(frozen=True, slots=True)
class Match:
    """A case beside its reader; ``met`` in the order of the weaknesses."""

    candidate: Candidate
    reader: Reader
    met: tuple[Weakness, ...]
    site: Site

    @classmethod
    def of(cls, candidate: Candidate, weaknesses: Sequence[Weakness], reader: Reader) -> "Match":
        site = min(candidate.sites, key=lambda site: distance(reader, site), default=NOWHERE)
        return cls(candidate, reader, tuple(weakness for weakness in weaknesses if weakness.met_by(candidate)), site)

    @property
    def rank(self) -> tuple[float, Fraction, str]:
        """Exact ratios break what logarithms cannot tell apart."""
        far = distance(self.reader, self.site)
        ratio = times(self.reader, self.site)
        return far - FURTHER_WEAKNESS * max(len(self.met) - 1, 0), ratio or Fraction(0), self.candidate.source_id

    @property
    def near(self) -> bool:
        ratio = times(self.reader, self.site)
        return ratio is not None and ratio <= NEAR

    @property
    def same_kind(self) -> bool:
        return self.site.kind == self.reader.kind and self.site.kind in KINDS

    @property
    def same_prefecture(self) -> bool:
        return self.site.prefecture == self.reader.prefecture != ""

    @property
    def alike(self) -> bool:
        return self.near or self.same_kind or self.same_prefecture

    @property
    def reason(self) -> str:
        """A sentence of what is true of this case, and nothing else."""
        if not self.met and self.near and self.same_kind and not self.same_prefecture:
            kind = KINDS[self.site.kind]
            return f"人口規模（{people(self.site.population)}）と団体の種類（{kind}）が近いため"
        *before, (_, last) = self._clauses()
        return "、".join([*(linking for linking, _ in before), f"{last}ため"])

    def _clauses(self) -> Iterator[tuple[str, str]]:
        """Each as it stands before another, and at the end."""
        if self.met:
            reasons = "、".join(
                f"{weakness.label}が県平均より{weakness.gap}{weakness.unit}" for weakness in self.met[:NAMED]
            )
            yield f"{reasons}低く", f"{reasons}低い"
        if self.near:
            size = f"（{people(self.site.population)}）"
            yield f"人口規模が近く{size}", f"人口規模が近い{size}"
        if self.same_kind or self.same_prefecture:
            place = f"{self.site.prefecture}の" if self.same_prefecture else ""
            kind = f"{KINDS[self.site.kind]}の" if self.same_kind else ""
            yield f"同じ{place}{kind}取組であり", f"同じ{place}{kind}取組である"


def _in_turns(worst: Sequence[Weakness], ranked: Sequence[Match], limit: int) -> list[Match]:
    """Round by round; a weakness that another's case already meets waits for the next round."""
    picks: list[Match] = []
    while len(picks) < limit:
        served: set[Weakness] = set()
        for weakness in worst:
            best = next((match for match in ranked if weakness in match.met and match not in picks), None)
            if best is None or weakness in served or len(picks) == limit:
                continue
            picks.append(best)
            served.update(best.met)
        if not served:
            break
    return picks


def times(reader: Reader, site: Site) -> Fraction | None:
    """How many times as large the larger of the two is, 1 or more; None where one is not known."""
    if not reader.population or not site.population:
        return None
    return Fraction(max(reader.population, site.population), min(reader.population, site.population))


def distance(reader: Reader, site: Site) -> float:
    """Smaller is more alike."""
    ratio = times(reader, site)
    far = UNKNOWN if ratio is None else math.log(ratio)
    if site.kind == reader.kind:
        far -= SAME_KIND
    return far - SAME_PREFECTURE if site.prefecture == reader.prefecture != "" else far


def people(population: int | None) -> str:
    """「0.5万人」, 「12万人」; below 1,000 in persons."""
    if population is None:
        return ""
    if population < 1000:
        return f"{population}人"
    tens = Decimal(population) / 10_000
    return f"{tens:.1f}万人" if tens < 10 else f"{tens:,.0f}万人"
