"""A file on its way, through the page of the case register."""

import io
import threading
import zipfile
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from casestudies.intake.contribution.sheets import EDITED
from casestudies.models import Case
from dxportal.core.jobs.domain import drain
from dxportal.core.jobs.models import Job
from dxportal.core.uploads import domain
from dxportal.core.uploads.enums import KEPT_FOR, SMALL, SMALL_UNPACKED, UploadState
from dxportal.core.uploads.models import Upload
from tests.support.threads import in_threads
from tests.support.worker import celery_worker, wait_until

PAGE = "casestudies:import"


@pytest.fixture
def as_officer(client, cast):
    client.force_login(cast.officer)
    return client


def register(title="大きな台帳", padding=0, number=""):
    book = Workbook()
    book.active.title = "事例"
    book.active.append(list(EDITED["事例"]))
    book.active.append([number, title])
    stream = io.BytesIO()
    book.save(stream)
    if padding:
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("docProps/padding.bin", bytes(padding))
    return stream.getvalue()


def send(client, data, name="台帳.xlsx", **kwargs):
    return client.post(reverse(PAGE), {"file": SimpleUploadedFile(name, data)}, **kwargs)


def large(**kwargs):
    return register(padding=SMALL_UNPACKED + 1, **kwargs)


def test_a_small_file_is_read_at_once(as_officer):
    page = send(as_officer, register())

    assert page.status_code == 200
    assert page.context["token"]
    assert not Job.objects.exists()


@pytest.mark.parametrize("data", [large(), b"x," * SMALL, large() + bytes(SMALL)])
def test_a_file_that_is_large_as_sent_or_unpacked_waits_for_a_worker(as_officer, data):
    answer = send(as_officer, data)

    assert answer.status_code == 302
    page = as_officer.get(answer["Location"])
    assert "ファイルを読み取っています" in page.content.decode()
    assert "token" not in page.context
    assert not Case.objects.exists()


def test_what_the_worker_read_is_shown_and_written_once(as_officer):
    address = send(as_officer, large())["Location"]
    drain()

    page = as_officer.get(address)
    assert "大きな台帳" in page.content.decode()
    assert bytes(Upload.objects.get().data) == b""
    for _ in range(2):
        last = as_officer.post(reverse(PAGE), {"token": page.context["token"]}, follow=True)

    assert Case.objects.get().title == "大きな台帳"
    assert "すでに取り込みました" in last.content.decode()
    assert "すでに取り込みました" in as_officer.get(address).content.decode()


def test_a_large_file_that_cannot_be_read_is_told_on_its_page(as_officer):
    address = send(as_officer, b"PK\x03\x04" + bytes(SMALL))["Location"]
    drain()

    assert "壊れている" in as_officer.get(address).content.decode()
    assert Upload.objects.get().state == UploadState.REFUSED


def test_problems_of_a_large_file_are_told_and_nothing_can_be_confirmed(as_officer):
    address = send(as_officer, large(title="", number="新規1"))["Location"]
    drain()

    page = as_officer.get(address)

    assert [problem.error.cell for problem in page.context["problems"]] == ["B2"]
    assert "token" not in page.context


def test_nobody_else_sees_or_confirms_it(as_officer, cast):
    address = send(as_officer, large())["Location"]
    drain()
    token = as_officer.get(address).context["token"]
    for person in (cast.approver, cast.neighbour_officer, cast.staff):
        other = Client()
        other.force_login(person)
        assert "大きな台帳" not in other.get(address).content.decode()
        other.post(reverse(PAGE), {"token": token})

    assert not Case.objects.exists()


def test_a_membership_that_ended_meanwhile_is_not_read_for(as_officer, cast):
    send(as_officer, large())
    cast.officer.memberships.update(
        first_day=timezone.localdate() - timedelta(days=9), last_day=timezone.localdate() - timedelta(days=1)
    )
    drain()

    assert Upload.objects.get().problem == domain.GONE


@pytest.mark.parametrize("text", ["x", "0" * 32, "../", "\x00"])
def test_an_address_that_names_no_file_says_so(as_officer, text):
    page = as_officer.get(reverse(PAGE), {"file": text})

    assert page.status_code == 200
    assert "もう一度ファイルを選んでください" in page.content.decode()


def test_the_queue_of_one_person_is_bounded(as_officer):
    answers = [send(as_officer, large()) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert domain.FULL in answers[-1].content.decode()


def test_the_same_file_twice_waits_once_and_what_was_taken_is_not_given_back(as_officer):
    data = register()
    first, second = send(as_officer, data), send(as_officer, data)
    assert first.context["token"] == second.context["token"]
    as_officer.post(reverse(PAGE), {"token": second.context["token"]})

    third = send(as_officer, data)

    assert third.context["token"] != first.context["token"]
    assert list(Upload.objects.order_by("created_at").values_list("state", flat=True)) == ["taken", "read"]


@pytest.mark.django_db(transaction=True)
def test_the_queue_is_bounded_for_sends_at_once_too(cast):
    def send_one(number):
        client = Client()
        client.force_login(cast.officer)
        return send(client, large(title=f"台帳{number}")).status_code

    answers = in_threads(*[partial(send_one, number) for number in range(6)])

    assert sorted(answers) == [200, 200, 200, 302, 302, 302]
    assert Upload.objects.filter(state=UploadState.WAITING).count() == Job.objects.count() == 3


def test_small_files_wait_for_a_worker_while_others_are_being_read(as_officer):
    with domain.turns, domain.turns:
        answer = send(as_officer, register(title="順番待ち"))
    assert answer.status_code == 302
    drain()

    assert "順番待ち" in as_officer.get(answer["Location"]).content.decode()
    assert send(as_officer, register()).context["token"]


def test_old_files_go(as_officer):
    send(as_officer, register("ほかの台帳"))
    page = send(as_officer, register())
    Upload.objects.filter(pk=page.context["token"]).update(created_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))

    late = as_officer.post(reverse(PAGE), {"token": page.context["token"]}).content.decode()
    domain.purge()

    assert "時間がたった" in late
    assert Upload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_write_once(cast):
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(cast.officer)
    token = send(clients[0], register()).context["token"]
    barrier = threading.Barrier(2)
    answers = []

    def confirm(client):
        barrier.wait()
        answers.append(client.post(reverse(PAGE), {"token": token}).status_code)
        connection.close()

    threads = [threading.Thread(target=confirm, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # The second is led on with the first, or told that the file was taken already.
    assert sorted(answers) in ([200, 302], [302, 302])
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_reads_it(client, cast):
    client.force_login(cast.officer)
    address = send(client, large())["Location"]

    with celery_worker():
        wait_until(lambda: Upload.objects.get().state == UploadState.READ)

    assert client.get(address).context["token"]
