"""Indexing cases (read, analyse, store, check) against SudachiPy reading the same texts; the whole library as a job."""

import statistics
import time
from collections.abc import Callable, Sequence

from sudachipy import Dictionary, SplitMode

from bench.figures import Figure
from casestudies.domain.search import index
from casestudies.domain.search.index_rows import document
from casestudies.jobs import REBUILD
from casestudies.models import Case
from dxportal.core.jobs.domain import run as do_job
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job

ROUNDS = 5
BLOCK = 2000  # cases a round


def run(block: int = BLOCK) -> list[Figure]:
    """By case, in turns over blocks from all over the library; then the whole library as a job."""
    pks = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    blocks = [pks[n::ROUNDS][:block] for n in range(ROUNDS)]
    pairs = [(_sudachi(one), _timed(lambda one=one: index.write(one)) / len(one)) for one in blocks]
    floor, each = (statistics.median(times) for times in zip(*pairs, strict=True))
    note = f"{1000 / each:.0f} cases a second, SudachiPy {1000 / floor:.0f}: {floor / each:.2f} of its speed"
    job, whole = rebuild()
    return [
        Figure("indexing a case", each, floor, 2, note=note),
        Figure(f"rebuild of the index of {job.total:,} cases, as a job", whole, None, None, note="once"),
    ]


def _sudachi(pks: Sequence[int]) -> float:
    texts = indexed_texts(pks)
    return _timed(lambda: tokenize(texts)) / len(texts)


def indexed_texts(pks: Sequence[int]) -> list[list[str]]:
    return [[text for _, text in document(row).texts if text] for row in index.read_rows(pks)]


def tokenize(cases: Sequence[Sequence[str]]) -> int:
    """SudachiPy alone: short units, each asked for its normalised form. Number of words."""
    tokenizer = Dictionary(dict="core").tokenizer(mode=SplitMode.A)
    return sum(len([one.normalized_form() for one in tokenizer.tokenize(text)]) for texts in cases for text in texts)


def rebuild() -> tuple[Job, float]:
    """The job, done here, and its milliseconds."""
    job = Job.objects.create(kind=REBUILD, label="事例検索の索引の作り直し")
    taken = _timed(lambda: do_job(job.pk))
    job.refresh_from_db()
    if job.state != JobState.SUCCEEDED or job.done != Case.objects.count():
        raise RuntimeError(f"the rebuild ended as {job.state} with {job.done} cases: {job.error}")
    return job, taken


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000
