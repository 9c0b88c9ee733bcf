"""Pages and saves of the running server, against the floors of ``bench.floors``."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse

from assessments.models import Answer, Response, Survey
from bench import people
from bench.figures import Figure
from bench.load import Ask, Times, in_turns, measure
from bench.nation import YEARS
from dxportal.core.accounts.models import User

CROWD = 8
ROUNDS = 5
REQUESTS = 80  # a round
WARMUP = 16  # both workers, all their threads
# The best living peer on two cores, one client, 135 assessments of 66 questions (docs/performance.md): ms.
PEER = {"save": 121, "list": 284, "export": 155, "dashboard": 79}


@contextmanager
def server() -> Iterator[int]:
    """The production server on a free port, with two workers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    manage = Path(__file__).resolve().parent.parent / "manage.py"
    command = [sys.executable, str(manage), "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "WEB_WORKERS": "2"}, start_new_session=True)  # noqa: S603
    try:
        _wait(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def run() -> list[Figure]:
    """All figures that need the server."""
    staff = User.objects.get(**_staff_of("020000"))
    officer, response = _officer()
    with server() as port:
        return [*_pages(port, staff, officer, response), *_saves(port), *_alone(port, staff, officer, response)]


def _officer() -> tuple[User, Response]:
    """The officer of a municipality whose sheet is open."""
    response = Response.objects.filter(survey__fiscal_year=YEARS[-1], state="in_progress").order_by("-pk")[0]
    return User.objects.get(memberships__organization=response.organization_id), response


def _pages(port: int, staff: User, officer: User, response: Response) -> list[Figure]:
    """Median of each page at concurrency 8, against the empty signed-in page."""
    town = staff.acting.organization.members.municipalities().first()
    pages = {
        "dashboard": (staff, reverse("portal:dashboard")),
        "karte": (staff, reverse("portal:karte", args=[town.pk])),
        "section page of the answer form": (officer, reverse("assessments:section", args=[response.pk, "step3"])),
    }
    figures = []
    for name, (user, path) in pages.items():
        cookie, _ = people.cookies(user)
        floor, page = in_turns([_asking(port, cookie, item) for item in (reverse("bench_empty"), path)], ROUNDS)
        figures.append(Figure(name, page.median, floor.median, 4, page.p95, f"{page.size} bytes, concurrency {CROWD}"))
    return figures


def _asking(port: int, cookie: str, path: str, threads: int = CROWD) -> Callable[[], Times]:
    return partial(measure, port, cookie, [Ask(path)], threads=threads, requests=REQUESTS, warmup=WARMUP)


def _saves(port: int) -> list[Figure]:
    """Autosaves against bare UPDATEs at concurrency 8, then alone; every request is for a row of its own."""
    answers, staff = _answers(), User.objects.get(**_staff_of("010000"))
    cookie, token = people.cookies(staff)

    def times(threads: int, *, bare: bool) -> Times:
        asks = [_save_ask(next(answers), token, bare=bare) for _ in range(REQUESTS + WARMUP)]
        return measure(port, cookie, asks, threads=threads, requests=REQUESTS, warmup=WARMUP)

    ways = ((CROWD, True), (CROWD, False), (1, False))
    floor, crowd, alone = in_turns([partial(times, threads, bare=bare) for threads, bare in ways], ROUNDS)
    return [
        Figure("autosave of one answer", crowd.median, floor.median, 3, crowd.p95, f"concurrency {CROWD}"),
        Figure("peer: save", alone.median, None, PEER["save"] / 10, alone.p95, f"peer {PEER['save']} ms"),
    ]


def _answers() -> Iterator[Answer]:
    """Answers to ladders that are always shown, of the open survey, in the first prefecture."""
    survey = Survey.objects.get(fiscal_year=YEARS[-1], prefecture__code="010000")
    ladders = survey.questionnaire.questions.filter(kind="single", condition__isnull=True)
    results = (
        Answer.objects.filter(response__survey=survey, question__in=ladders)
        .select_related("question")
        .prefetch_related("question__choices")
    )
    return iter(results.order_by("question", "response"))


def _staff_of(code: str) -> dict[str, str]:
    return {"memberships__role": "prefecture_staff", "memberships__organization__code": code}


def _save_ask(answer: Answer, token: str, *, bare: bool) -> Ask:
    code, headers = answer.question.code, (("X-CSRFToken", token),)
    other = next(choice.code for choice in answer.question.choices.all() if choice.code not in answer.choices)
    if bare:
        return Ask(reverse("bench_update", args=[answer.pk]), "POST", urlencode({"value": other}), headers)
    body = urlencode({f"q:{code}": other, f"r:{code}": answer.revision})
    return Ask(reverse("assessments:answer_save", args=[answer.response_id, code]), "POST", body, headers)


def _alone(port: int, staff: User, officer: User, response: Response) -> list[Figure]:
    """One client alone, as the peer was measured; the aim is a tenth of the peer's median."""
    paths = {
        "list": (officer, reverse("assessments:section", args=[response.pk, "step3"])),
        "export": (officer, reverse("assessments:response_export", args=[response.pk])),
        "dashboard": (staff, reverse("portal:dashboard")),
    }
    figures = []
    for name, (user, path) in paths.items():
        times = in_turns([_asking(port, people.cookies(user)[0], path, threads=1)], ROUNDS // 2)[0]
        figures.append(Figure(f"peer: {name}", times.median, None, PEER[name] / 10, times.p95, f"peer {PEER[name]} ms"))
    return figures
