import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casestudies.domain.contribution import moves
from casestudies.models import CaseAttachment
from tests.support.files import PDF_BYTES, PNG_BYTES, XLSX_BYTES


def url(name, case, **more):
    return reverse(f"casestudies:{name}", kwargs={"source_id": case.source_id, **more})


def upload(client, case, *files):
    sent = [SimpleUploadedFile(name, data, content_type="text/html") for name, data in files]
    return client.post(url("attachments", case), {"files": sent}, follow=True)


@pytest.fixture
def draft(client, cast, write_case):
    case = write_case(cast.officer)
    client.force_login(cast.officer)
    return case


def test_files_are_kept_and_given_as_downloads_only(client, cast, draft):
    upload(client, draft, ("様式.xlsx", XLSX_BYTES), ("説明.html", PDF_BYTES))

    first, second = CaseAttachment.objects.order_by("pk")
    assert (first.name, second.name) == ("様式.xlsx", "説明.pdf")
    answer = client.get(url("attachment", draft, pk=second.pk))
    assert answer.content == PDF_BYTES
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]


def test_one_bad_file_keeps_all_out_and_is_named(client, draft):
    page = upload(client, draft, ("よい.pdf", PDF_BYTES), ("悪い.pdf", b"<html>")).content.decode()

    assert "悪い.pdf：" in page
    assert not CaseAttachment.objects.exists()


def test_the_same_file_twice_is_kept_once(client, draft):
    upload(client, draft, ("a.pdf", PDF_BYTES))

    page = upload(client, draft, ("b.pdf", PDF_BYTES)).content.decode()

    assert "同じファイルが添付済みです" in page
    assert CaseAttachment.objects.count() == 1


def test_ten_files_and_no_more(client, draft):
    upload(client, draft, *((f"{n}.pdf", PDF_BYTES + b"%d\n%%%%EOF" % n) for n in range(10)))

    page = client.post(url("attachments", draft), {"files": [SimpleUploadedFile("x.png", PNG_BYTES)]}).content.decode()

    assert "10個まで" in page
    assert CaseAttachment.objects.count() == 10


def test_a_file_is_for_those_who_may_open_the_case(client, cast, draft):
    upload(client, draft, ("a.pdf", PDF_BYTES))
    address = url("attachment", draft, pk=CaseAttachment.objects.get().pk)

    def open_to():
        found = []
        for name in ("officer", "viewer", "neighbour_officer", "staff", "stranger_staff", "bureau_staff"):
            client.force_login(getattr(cast, name))
            found += [name] if client.get(address).status_code == 200 else []
        client.logout()
        assert client.get(address).status_code == 302
        return found

    assert open_to() == ["officer", "viewer"]
    moves.make_move(draft.pk, "submit", user=cast.officer)
    assert open_to() == ["officer", "viewer", "staff"]
    moves.make_move(draft.pk, "publish", user=cast.staff, audience="prefecture")
    assert open_to() == ["officer", "viewer", "neighbour_officer", "staff", "bureau_staff"]
    moves.make_move(draft.pk, "archive", user=cast.staff)
    assert open_to() == ["officer", "viewer", "staff"]


def test_a_file_of_another_case_is_not_found_through_an_own_one(client, cast, write_case, draft):
    theirs = write_case(cast.neighbour_officer, title="隣の下書き")
    client.force_login(cast.neighbour_officer)
    upload(client, theirs, ("a.pdf", PDF_BYTES))
    pk = CaseAttachment.objects.get().pk
    client.force_login(cast.officer)

    assert client.get(url("attachment", draft, pk=pk)).status_code == 404
    assert client.post(url("attachment_delete", draft, pk=pk)).status_code == 404
    assert CaseAttachment.objects.exists()


def test_taking_a_file_away_asks_first_and_is_told_in_the_history(client, draft):
    upload(client, draft, ("a.pdf", PDF_BYTES))
    pk = CaseAttachment.objects.get().pk

    assert "元に戻せません" in client.get(url("attachment_delete", draft, pk=pk)).content.decode()
    client.post(url("attachment_delete", draft, pk=pk))

    assert not CaseAttachment.objects.exists()
    assert client.get(url("history", draft)).content.decode().count("a.pdf") >= 2


def test_a_review_is_told_of_new_files(client, cast, draft):
    moves.make_move(draft.pk, "submit", user=cast.officer)
    case = moves.make_move(draft.pk, "send_back", user=cast.staff, comment="様式も")
    upload(client, draft, ("様式.xlsx", XLSX_BYTES))
    case.refresh_from_db()

    (change,) = moves.changes_since(case, moves.last_seen(case), {})

    assert (change.label, change.old, change.new) == ("添付ファイル", "", "様式.xlsx")


def test_content_in_review_takes_no_files_of_its_author(client, cast, draft):
    moves.make_move(draft.pk, "submit", user=cast.officer)

    assert (
        client.post(url("attachments", draft), {"files": [SimpleUploadedFile("a.pdf", PDF_BYTES)]}).status_code == 403
    )
