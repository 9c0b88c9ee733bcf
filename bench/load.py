"""A small closed-loop load: threads that ask again as soon as they are answered, on kept connections."""

import http.client
import operator
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import cycle


@dataclass(frozen=True)
class Ask:
    """One request; ``body`` is form-encoded."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Times:
    """Milliseconds of one address, one figure a request."""

    each: tuple[float, ...]
    size: int

    @property
    def median(self) -> float:
        return statistics.median(self.each)

    @property
    def p95(self) -> float:
        return sorted(self.each)[max(0, int(len(self.each) * 0.95) - 1)]

    def __add__(self, other: "Times") -> "Times":
        return Times(self.each + other.each, max(self.size, other.size))


def in_turns(measures: Sequence[Callable[[], Times]], rounds: int) -> list[Times]:
    """Each measure ``rounds`` times, one after another: what else the machine does falls on all alike."""
    created = [[measure() for measure in measures] for _ in range(rounds)]
    return [reduce(operator.add, times) for times in zip(*created, strict=True)]


def measure(port: int, cookies: str, asks: Iterable[Ask], *, threads: int, requests: int, warmup: int) -> Times:
    """The times of ``requests`` answers after ``warmup``; any answer but 2xx stops the run."""
    source, lock = cycle(list(asks)), threading.Lock()
    times: list[float] = []
    sizes: list[int] = []
    failures: list[str] = []
    left = iter(range(requests + warmup))

    def take():
        with lock:
            return next(left, None), next(source)

    def work():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not failures:
            number, ask = take()
            if number is None:
                return
            taken, size, failure = _ask(connection, cookies, ask)
            if failure:
                failures.append(failure)
            elif number >= warmup:
                times.append(taken)
                sizes.append(size)

    _run_threads(work, threads)
    if failures:
        raise RuntimeError(failures[0])
    return Times(tuple(times), max(sizes))


def _ask(connection: http.client.HTTPConnection, cookies: str, ask: Ask) -> tuple[float, int, str]:
    headers = {"Cookie": cookies, **dict(ask.headers)}
    if ask.body:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    begun = time.perf_counter()
    connection.request(ask.method, ask.path, ask.body or None, headers)
    answer = connection.getresponse()
    body = answer.read()
    taken = (time.perf_counter() - begun) * 1000
    failure = "" if 200 <= answer.status < 300 else f"{ask.method} {ask.path}: {answer.status} {body[:300]!r}"
    return taken, len(body), failure


def _run_threads(work: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
