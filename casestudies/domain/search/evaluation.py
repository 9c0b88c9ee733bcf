"""How good a search is, by queries whose relevant cases were graded by hand. Pure: no database, no Django."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10
RELEVANT = 2
GRADES = range(4)


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and what it should find: source id → grade (3 best, 1 marginal); none of them where nothing fits."""

    line: int
    text: str
    relevant: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QueryMarks:
    """One query's marks, each from 0 to 1; ``None`` where the query has nothing that the mark could be taken of."""

    query: Judged
    first: tuple[str, ...]
    ndcg: float
    recall: float | None
    reciprocal_rank: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over all queries."""

    ndcg: float
    recall: float
    mrr: float
    marks: tuple[QueryMarks, ...]

    def worst(self, count: int) -> list[QueryMarks]:
        """The lowest first; perfect ones are left out."""
        poor = [mark for mark in self.marks if mark.ndcg < 1 or (mark.recall or 1) < 1]
        return sorted(poor, key=lambda mark: (mark.ndcg, mark.query.line))[:count]


class InvalidQueriesError(Exception):
    """What is wrong with a file of queries, line by line."""

    def __init__(self, errors: Sequence[str]):
        super().__init__("\n".join(errors))
        self.errors = list(errors)


def parse(text: str) -> list[Judged]:
    """Reads JSON lines ``{"q": …, "relevant": {source_id: 0–3}}``; raises InvalidQueriesError with every fault."""
    queries: list[Judged] = []
    errors: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                queries.append(_judged(number, line))
            except ValueError as error:
                errors.append(f"{number}行目: {error}")
    if not queries and not errors:
        errors = ["検索のことばが1件もありません。"]
    if errors:
        raise InvalidQueriesError(errors)
    return queries


def _judged(number: int, line: str) -> Judged:
    try:
        row = json.loads(line.lstrip("\ufeff"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("JSONとして読めません。") from error
    if not isinstance(row, dict) or not isinstance(row.get("q"), str):
        raise ValueError("「q」に検索のことばを文字列で書いてください。")
    relevant = row.get("relevant")
    if not isinstance(relevant, dict):
        raise ValueError("「relevant」に事例番号と評点の組を書いてください。")
    wrong = [key for key, grade in relevant.items() if type(grade) is not int or grade not in GRADES]
    if wrong:
        raise ValueError(f"評点は0から3までの整数で書いてください（{'、'.join(wrong)}）。")
    return Judged(number, row["q"], {key: grade for key, grade in relevant.items() if grade})


def evaluate(queries: Iterable[Judged], find: Callable[[str], Sequence[str]], *, depth: int = DEPTH) -> Quality:
    """``find`` gives the source ids for a text, best first."""
    marks = tuple(marks_of(query, find(query.text), depth=depth) for query in queries)
    return Quality(
        ndcg=_mean([mark.ndcg for mark in marks]),
        recall=_mean([mark.recall for mark in marks if mark.recall is not None]),
        mrr=_mean([mark.reciprocal_rank for mark in marks]),
        marks=marks,
    )


def marks_of(query: Judged, results: Sequence[str], *, depth: int = DEPTH) -> QueryMarks:
    """A query without a relevant case is right when nothing is found, and wrong otherwise."""
    first = tuple(results[:depth])
    if not query.relevant:
        right = float(not first)
        return QueryMarks(query, first, right, right, right)
    return QueryMarks(
        query,
        first,
        ndcg(first, query.relevant, depth=depth),
        recall(first, query.relevant, depth=depth),
        reciprocal_rank(first, query.relevant),
    )


def ndcg(results: Sequence[str], relevant: Mapping[str, int], *, depth: int = DEPTH) -> float:
    """Discounted gain (2^grade − 1, halved logarithmically by rank) over that of the best possible order."""
    best = _gain(sorted(relevant.values(), reverse=True)[:depth])
    return _gain([relevant.get(source_id, 0) for source_id in results[:depth]]) / best if best else 0.0


def recall(results: Sequence[str], relevant: Mapping[str, int], *, depth: int = DEPTH) -> float | None:
    """Share of the cases of grade 2 and more that stand within ``depth``, of at most ``depth``; None without any."""
    wanted = {source_id for source_id, grade in relevant.items() if grade >= RELEVANT}
    return len(wanted.intersection(results[:depth])) / min(len(wanted), depth) if wanted else None


def reciprocal_rank(results: Sequence[str], relevant: Mapping[str, int]) -> float:
    """1 by the rank of the first case that is relevant in any grade."""
    return next((1 / rank for rank, source_id in enumerate(results, start=1) if relevant.get(source_id, 0)), 0.0)


def _gain(grades: Iterable[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 1.0
