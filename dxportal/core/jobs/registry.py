"""Which kinds of job there are. Each app names its own in ``<app>/jobs.py``, found when Django starts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

INTERACTIVE = "interactive"
BULK = "bulk"


@dataclass(frozen=True, slots=True)
class JobKind:
    """``run(handle, **params)`` does the work; ``queue`` is where its message goes."""

    name: str
    queue: str
    run: Callable[..., dict[str, Any] | None]


_kinds: dict[str, JobKind] = {}


def job_kind(name: str, queue: str = INTERACTIVE) -> Callable:
    """Registers ``def run(handle: JobHandle, **params) -> dict | None``; params must be plain JSON.

    The function is called again after a crash, so it must stand being run twice.
    """
    if queue not in (INTERACTIVE, BULK):
        raise ValueError(f"unknown queue: {queue}")

    def register(function: Callable) -> Callable:
        _kinds[name] = JobKind(name, queue, function)
        return function

    return register


def find(name: str) -> JobKind | None:
    return _kinds.get(name)


def queue_of(name: str) -> str:
    """The queue of a kind; an unknown kind goes to the bulk queue, where running it fails clearly."""
    kind = find(name)
    return kind.queue if kind else BULK
