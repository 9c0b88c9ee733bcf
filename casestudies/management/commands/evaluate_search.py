"""manage.py evaluate_search FILE"""

import sys
from pathlib import Path
from types import SimpleNamespace

from django.core.management.base import BaseCommand, CommandError

from casestudies.domain.search import search
from casestudies.domain.search.evaluation import (
    DEPTH,
    InvalidQueriesError,
    Judged,
    Quality,
    QueryMarks,
    evaluate,
    parse,
)
from casestudies.models import Case


class Command(BaseCommand):
    help = "評点つきの検索のことば（JSON Lines）で、事例検索の質を測ります。"

    def add_arguments(self, parser):
        parser.add_argument(
            "file", help='{"q": …, "relevant": {事例番号: 0〜3}} を1行に1件書いたファイル。「-」は標準入力。'
        )
        parser.add_argument("--worst", type=int, default=10, help="nDCGの低い順に示す件数（既定10）")
        parser.add_argument("--minimum-ndcg", type=float, default=0.0, help="平均がこれに満たなければ失敗とする")
        parser.add_argument("--minimum-recall", type=float, default=0.0, help="平均がこれに満たなければ失敗とする")

    def handle(self, *args, **options):
        queries = read(options["file"])
        self.warn_of_unknown(queries)
        quality = evaluate(queries, find)
        self.report(quality, options["worst"])
        self._require("nDCG@10", quality.ndcg, options["minimum_ndcg"])
        self._require("recall@10", quality.recall, options["minimum_recall"])

    def warn_of_unknown(self, queries: list[Judged]):
        named = {source_id for query in queries for source_id in query.relevant}
        unknown = sorted(named - set(Case.objects.filter(source_id__in=named).values_list("source_id", flat=True)))
        if unknown:
            self.stderr.write(
                f"登録されていない事例番号があります（見つからないものとして測ります）: {'、'.join(unknown)}"
            )

    def report(self, quality: Quality, worst: int):
        self.stdout.write(f"検索のことば {len(quality.marks)}件")
        self.stdout.write(f"nDCG@{DEPTH}    {quality.ndcg:.4f}")
        self.stdout.write(f"recall@{DEPTH}  {quality.recall:.4f}")
        self.stdout.write(f"MRR        {quality.mrr:.4f}")
        for mark in quality.worst(worst):
            self.stdout.write(describe(mark))

    def _require(self, name: str, reached: float, minimum: float):
        if reached < minimum:
            raise CommandError(f"{name}が{reached:.4f}で、求める{minimum:.4f}に届きません。")


def read(name: str) -> list[Judged]:
    """The judged queries of the file; CommandError names the lines at fault."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return parse(text)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name}を読めません: {error}") from error
    except InvalidQueriesError as error:
        raise CommandError(f"{name}に誤りが{len(error.errors)}件あります。\n{error}") from error


def find(text: str) -> list[str]:
    """Source ids of the first cases that anybody who is signed in finds."""
    return [hit.source_id for hit in search.find(ANYBODY, text).page(0, DEPTH)]


def describe(mark: QueryMarks) -> str:
    recall = "―" if mark.recall is None else f"{mark.recall:.2f}"
    missed = [source_id for source_id in mark.query.relevant if source_id not in mark.first]
    return "\n".join(
        (
            f"\n{mark.query.line}行目「{mark.query.text[:60]}」 nDCG {mark.ndcg:.2f} recall {recall}",
            f"  結果: {'、'.join(f'{source_id}({mark.query.relevant.get(source_id, 0)})' for source_id in mark.first) or 'なし'}",
            f"  漏れ: {'、'.join(f'{source_id}({mark.query.relevant[source_id]})' for source_id in missed) or 'なし'}",
        )
    )


# Stands for a person of no prefecture: only what is published to all is seen.
ANYBODY = SimpleNamespace(acting=SimpleNamespace(organization=SimpleNamespace(prefecture_id=None)))
