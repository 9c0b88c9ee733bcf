"""The whole portal on servers of its own while its processes are killed: what it acknowledged is there, and of long work
all or nothing. One portal serves all tests, as its start takes the longest."""

import io
import random
import re
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil
import psycopg
import pytest
from openpyxl import Workbook

from casestudies.intake.contribution.sheets import EDITED
from dxportal.core.uploads.enums import SMALL_UNPACKED
from tests.support.clients import Client
from tests.support.portal import WEB_WORKERS, Portal, running_portal
from tests.support.worker import wait_until

KINDS = ("web", "worker", "postgres", "valkey")
ROUNDS = 3
BACK_WITHIN = 60  # seconds; bounds the test where nothing comes back
SEED = 8
ADMIN = "admin@demo.example"
CASES = 12
IMPORT = "/cases/import/"
# Whoever writes waits here: the work stops in its middle for as long as the test holds the table.
HOLD = "LOCK TABLE {} IN SHARE MODE"
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
QUEUED = """
    INSERT INTO jobs_job (id, kind, key, label, state, params, done, total, message, outcome, error, again, attempts, created_at)
    VALUES (gen_random_uuid(), %s, '', '', 'queued', '{}', 0, 0, '', '{}', '', FALSE, 0, now() - interval '10 seconds')
"""
PEOPLE = ("officer@demo.example", "approver@demo.example", "neighbour@demo.example")


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    with running_portal(django_db_blocker) as portal:
        yield portal


@pytest.fixture(scope="module")
def admin(portal):
    return portal.member(ADMIN)


class Writer(threading.Thread):
    """Somebody who answers question after question; keeps what the portal said it has stored."""

    def __init__(self, portal: Portal, mail: str, codes: list[str], response: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client: Client = portal.member(mail)
        self.mail = mail
        self.codes = codes
        self.response = response
        self.stop = stop
        self.acknowledged: dict[str, str] = {}
        self.sent: dict[str, set[str]] = {}
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        number = 0
        revisions: dict[str, int] = {}
        while not self.stop.is_set():
            code = self.codes[number % len(self.codes)]
            number += 1
            note = f"{self.mail} {number}"
            self.sent.setdefault(code, set()).add(note)
            status, answer = self.client.save(self.response, code, note, revisions.get(code, 0))
            self.statuses[status] += 1
            if status == 200:
                revisions[code] = answer["saved"]["revision"]
                self.acknowledged[code] = note
            elif status == 409:  # its own last attempt was stored and only the reply was lost
                revisions[code] = answer["theirs"]["revision"]
            else:
                time.sleep(0.1)


def test_what_was_acknowledged_is_there_whatever_was_killed(portal):
    rows = portal.query("""
        SELECT u.email, r.id FROM accounts_user AS u
        JOIN accounts_membership AS m ON m.user_id = u.id
        JOIN assessments_response AS r ON r.organization_id = m.organization_id
        JOIN assessments_survey AS s ON s.id = r.survey_id
        WHERE s.state = 'open' AND r.state IN ('not_started', 'in_progress') AND u.email LIKE '%%@demo.example'
    """)
    responses = {mail: response for mail, response in rows if mail in PEOPLE}
    assert len(responses) >= 2, rows
    questions = portal.query(
        """
        SELECT DISTINCT q.code FROM assessments_question AS q
        JOIN assessments_survey AS s ON s.questionnaire_id = q.questionnaire_id
        JOIN assessments_response AS r ON r.survey_id = s.id
        WHERE r.id = %s ORDER BY q.code
    """,
        next(iter(responses.values())),
    )
    codes = [code for (code,) in questions]
    stop = threading.Event()
    # Two people of one town take questions of their own: what one has typed is not the other's to lose.
    writers = [
        Writer(portal, mail, codes[place :: len(responses)], response, stop)
        for place, (mail, response) in enumerate(responses.items())
    ]
    for writer in writers:
        writer.start()

    chance = random.Random(SEED)
    for kind in KINDS * ROUNDS:
        wait_for_saves(writers)
        portal.strike(kind, chance)
    wait_for_saves(writers)
    stop.set()
    for writer in writers:
        writer.join(20)

    statuses = sum((writer.statuses for writer in writers), Counter())
    assert set(statuses) <= {200, 409, 422, 503, 0}, statuses  # 422: a question that another answer hides
    lost = []
    for writer in writers:
        stored = dict(
            portal.query(
                "SELECT q.code, a.note FROM assessments_answer AS a JOIN assessments_question AS q ON q.id = a.question_id "
                "WHERE a.response_id = %s",
                writer.response,
            )
        )
        for code, note in writer.acknowledged.items():
            # A later attempt whose reply was lost may be the one that is stored, an earlier one may not.
            later = {each for each in writer.sent[code] if number_of(each) > number_of(note)}
            if stored.get(code) != note and stored.get(code) not in later:
                lost.append((writer.mail, code, note, stored.get(code)))
    assert lost == []


def test_a_web_child_that_dies_right_after_its_start_is_replaced_too(portal):
    wait_until(lambda: len(portal.children("web")) == WEB_WORKERS, BACK_WITHIN)  # one may have been killed just now
    first = {child.pid for child in portal.children("web")}
    new = psutil.Process(min(first))
    for _ in range(3):
        new.kill()
        known = first | {new.pid}
        wait_until(lambda known=known: {child.pid for child in portal.children("web")} - known, BACK_WITHIN)
        new = next(child for child in portal.children("web") if child.pid not in known)

    wait_until(lambda: len(portal.children("web")) == WEB_WORKERS, BACK_WITHIN)
    assert Client(portal.address).open("/healthz")[0] == 200


def wait_for_saves(writers: list[Writer]) -> None:
    """Until everybody has saved two more: what was killed before came back by itself."""
    before = {writer: writer.statuses[200] for writer in writers}
    wait_until(lambda: all(writer.statuses[200] > count + 1 for writer, count in before.items()), BACK_WITHIN)


def number_of(note: str) -> int:
    return int(re.search(r"\d+$", note)[0])


@dataclass(frozen=True)
class Work:
    """``begin`` queues it; ``table`` is written in its middle; ``state`` is all that it may change, told in short."""

    kind: str
    table: str
    begin: Callable[[Portal, Client], None]
    state: str


def begin_classification(portal: Portal, admin: Client) -> None:
    survey = portal.query("SELECT id FROM assessments_survey WHERE state = 'open'")[0][0]
    with psycopg.connect(**portal.dsn) as connection:  # an input that was computed before is not computed again
        connection.execute("UPDATE assessments_classificationrun SET input_digest = 'other' || id")
    status, page = insist(admin, f"/surveys/{survey}/tiers/run/", {})
    assert status == 200, page


def begin_rebuild(portal: Portal, admin: Client) -> None:
    """As ``rebuild_index --queue`` does while the broker is away: the first reaping sends it."""
    with psycopg.connect(**portal.dsn) as connection:
        connection.execute(QUEUED, [REBUILD.kind])
    portal.send_reap()


def begin_reading(portal: Portal, admin: Client) -> None:
    status, page = insist(admin, IMPORT, {}, ("台帳.xlsx", register("大きな台帳", SMALL_UNPACKED + 1)))
    assert (status, "ファイルを読み取っています" in page) == (200, True)


def insist(client: Client, path: str, data: dict[str, str], file: tuple[str, bytes] | None = None) -> tuple[int, str]:
    """Sends it, and again as long as the page says that the database is away."""
    answers: list[tuple[int, str]] = []
    wait_until(lambda: answers.append(client.act(path, data, file)) or answers[-1][0] not in (0, 503), BACK_WITHIN)
    return answers[-1]


def register(title: str, padding: int = 0) -> bytes:
    """A workbook of new cases; ``padding``: bytes that it has unpacked besides."""
    book = Workbook()
    book.active.title = "事例"
    book.active.append(list(EDITED["事例"]))
    for number in range(CASES):
        book.active.append(["", f"{title}{number}"])
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/padding.bin", bytes(padding))
    return stream.getvalue()


CLASSIFICATION = Work(
    "assessments.classify",
    "assessments_classification",
    begin_classification,
    """
    SELECT (SELECT array_agg(r::text ORDER BY r.id) FROM assessments_classificationrun AS r),
        (SELECT count(*) FROM assessments_scorecard),
        (SELECT array_agg(c::text ORDER BY c.id) FROM assessments_classification AS c)
    """,
)
REBUILD = Work(
    "casestudies.rebuild_index",
    "casestudies_caseindex",
    begin_rebuild,
    """
    SELECT (SELECT array_agg(xmin::text ORDER BY case_id) FROM casestudies_caseindex),
        (SELECT array_agg(xmin::text ORDER BY word) FROM casestudies_indexedword)
    """,
)
READING = Work(
    "uploads.read",
    "uploads_upload",
    begin_reading,
    "SELECT array_agg(ROW(state, length(data) > 0, read::text)::text ORDER BY created_at) FROM uploads_upload",
)


@contextmanager
def stopped_in_the_middle(portal: Portal, table: str, begin: Callable[[], None]) -> Iterator[psutil.Process]:
    """``begin`` has been called, and what it began waits to write the table. Gives the backend that waits; it is gone
    afterwards, with whatever it had written."""
    with suppress(psycopg.OperationalError), psycopg.connect(**portal.dsn) as holder:
        holder.execute(HOLD.format(table))
        begin()
        portal.wait_for_job(lambda: portal.query(WAITING, table), BACK_WITHIN)
        backend = psutil.Process(portal.query(WAITING, table)[0][0])
        yield backend
        holder.rollback()
    backend.wait(BACK_WITHIN)
    portal.wait_for_database()


def end_all(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def kill_worker(portal: Portal, backend: psutil.Process) -> None:
    end_all(portal.children("worker"))


def kill_worker_and_start_another(portal: Portal, backend: psutil.Process) -> None:
    end_all((*portal.children("worker"), portal.worker()))
    portal.start_worker()


def kill_web(portal: Portal, backend: psutil.Process) -> None:
    end_all(portal.children("web"))


def kill_backend(portal: Portal, backend: psutil.Process) -> None:
    """PostgreSQL then ends all its connections and recovers, as after a crash."""
    backend.kill()


def job_of(portal: Portal, kind: str) -> tuple:
    """(id, state, attempts, error) of the newest."""
    statement = "SELECT id, state, attempts, error FROM jobs_job WHERE kind = %s ORDER BY created_at DESC LIMIT 1"
    return portal.query(statement, kind)[0]


@pytest.mark.parametrize(
    ("work", "kill"),
    [
        (CLASSIFICATION, kill_worker),
        (CLASSIFICATION, kill_backend),
        (REBUILD, kill_worker_and_start_another),
        (READING, kill_backend),
    ],
    ids=lambda each: getattr(each, "kind", "") or each.__name__,
)
def test_a_job_killed_in_its_middle_has_done_nothing_and_is_done_again(portal, admin, work, kill):
    portal.wait_for_web(admin)
    portal.pause_worker()
    work.begin(portal, admin)
    before = portal.query(work.state)

    with stopped_in_the_middle(portal, work.table, portal.resume_worker) as backend:
        kill(portal, backend)

    job, state, attempts, _ = job_of(portal, work.kind)
    assert (state, attempts) == ("running", 1)  # nobody has noticed yet
    assert portal.query(work.state) == before

    portal.wait_for_job(lambda: job_of(portal, work.kind)[1] == "succeeded", BACK_WITHIN, dead=(job, attempts))
    assert job_of(portal, work.kind) == (job, "succeeded", 2, "")
    assert portal.query(work.state) != before


@pytest.mark.parametrize("kill", [kill_web, kill_backend])
def test_an_import_killed_while_it_is_confirmed_wrote_nothing_and_is_confirmed_again(portal, admin, kill):
    title = f"確認の途中の台帳 {kill.__name__} "
    portal.wait_for_web(admin)
    status, page = insist(admin, IMPORT, {}, ("台帳.xlsx", register(title)))
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    answers = []
    confirm = threading.Thread(target=lambda: answers.append(admin.act(IMPORT, {"token": token})))

    with stopped_in_the_middle(portal, "casestudies_caseindex", confirm.start) as backend:
        kill(portal, backend)
    confirm.join(BACK_WITHIN)

    assert answers[0][0] in (0, 503)
    assert written(portal, title) == 0
    status, page = insist(admin, IMPORT, {"token": token})
    assert (status, f"新規{CASES}件" in page) == (200, True)
    assert written(portal, title) == CASES
    status, page = insist(admin, IMPORT, {"token": token})
    assert (status, "すでに取り込みました" in page, written(portal, title)) == (200, True, CASES)


def written(portal: Portal, title: str) -> int:
    return portal.query("SELECT count(*) FROM casestudies_case WHERE title LIKE %s", f"{title}%")[0][0]
