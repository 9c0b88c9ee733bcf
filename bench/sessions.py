"""The figures of よろず相談 over ten years of a nation: ``python -m bench.sessions FOLDER`` writes them as bench.json.

``BENCH_REDUCED=1``: three small prefectures and three years, to try it out.
"""

import os
import sys
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 -- Django first
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import meetings, people  # noqa: E402
from bench.figures import Figure, table, write  # noqa: E402
from bench.load import Ask, Times, in_turns, measure  # noqa: E402
from bench.pages import CROWD, server  # noqa: E402
from consultations.models import Remark, Session, TopicIndex  # noqa: E402
from dxportal.core.accounts.models import User  # noqa: E402
from dxportal.core.organizations.models import Organization  # noqa: E402

AIM = 4
FEED_AIM = 300  # milliseconds
ROUNDS, REQUESTS, WARMUP = 3, 24, 16
QUERIES = ("窓口の予約", "電子申請の費用", "生成AI", "第7町", "見積り", "")


def main(folder: Path) -> None:
    call_command("collect_static_if_changed")
    call_command("migrate", interactive=False, verbosity=0)
    if not Organization.objects.exists():
        begun = time.perf_counter()
        meetings.load(meetings.REDUCED if os.environ.get("BENCH_REDUCED") else meetings.NATIONAL)
        print(f"{Session.objects.count():,} sessions in {time.perf_counter() - begun:.0f} s")  # noqa: T201 -- progress
    staff = User.objects.get(memberships__role="prefecture_staff", memberships__organization__code="020000")
    with server() as port:
        figures = [*pages(port, staff), feed(port), *knowledge(port, staff)]
    write(figures, folder)
    print(table(figures))  # noqa: T201 -- the readable result


def pages(port: int, staff: User) -> list[Figure]:
    """Each against the empty signed-in page of the same person, several clients at once."""
    cookie, _ = people.cookies(staff)
    figures = []
    for name, path in paths(staff).items():
        floor, page = in_turns([partial(asking, port, cookie, at) for at in (reverse("bench_empty"), path)], ROUNDS)
        figures.append(
            Figure(name, page.median, floor.median, AIM, page.p95, f"{page.size} bytes, concurrency {CROWD}")
        )
    return figures


def paths(staff: User) -> dict[str, str]:
    """Of a prefecture's staff, which reads all of it."""
    prefecture = staff.acting.organization_id
    coming = Session.objects.filter(occasion__prefecture=prefecture, occasion__starts_at__gt=timezone.now())
    session = coming.order_by("occasion__starts_at").values_list("pk", flat=True)[0]
    return {
        "session list": reverse("consultations:sessions"),
        "calendar month": reverse("occasions:calendar"),
        "brief": reverse("portal:brief", args=[session]),
        "plan table of 18 rows": reverse("portal:plan"),
        "board of actions": reverse("consultations:actions"),
    }


def asking(port: int, cookie: str, path: str, threads: int = CROWD) -> Times:
    return measure(port, cookie, [Ask(path)], threads=threads, requests=REQUESTS, warmup=WARMUP)


def feed(port: int) -> Figure:
    """Read by a calendar program, which has no session."""
    times = asking(port, "", reverse("occasions:feed", args=[meetings.SECRET]), threads=1)
    return Figure("feed of 360 events", times.median, None, FEED_AIM, times.p95, f"{times.size} bytes, one client")


def knowledge(port: int, staff: User) -> list[Figure]:
    """Its cost is told, not judged: the search has figures of its own."""
    cookie, _ = people.cookies(staff)
    asks = [Ask(f"{reverse('portal:knowledge')}?{urlencode({'q': query})}") for query in QUERIES]
    ask = partial(measure, port, cookie, threads=1, requests=len(asks) * 2, warmup=len(asks))
    floor, page = in_turns([partial(ask, [Ask(reverse("bench_empty"))]), partial(ask, asks)], ROUNDS)
    note = f"{len(asks)} queries, one client, {TopicIndex.objects.count():,} released topics"
    return [
        Figure("knowledge search", page.median, floor.median, None, page.p95, note),
        Figure(f"rows: {Session.objects.count():,} sessions, {Remark.objects.count():,} remarks", 0, None, None),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
