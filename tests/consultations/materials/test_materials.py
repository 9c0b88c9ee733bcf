"""What is at hand around a session: the preparation that a town reads, files, blocks of text."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consultations.domain.materials import preparation, snippets
from consultations.domain.materials.preparation import PreparationContent
from consultations.domain.materials.snippets import SnippetContent
from consultations.models import Preparation, Session, SessionAttachment, Snippet
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.portal.domain.audit import Wanted, search
from tests.support.consultations import a_session, get, hold, log_fields, post
from tests.support.files import PNG_BYTES
from tests.support.reading import words

pytestmark = pytest.mark.django_db


def a_file(name="様子.png"):
    return SimpleUploadedFile(name, PNG_BYTES, "image/png")


def test_a_town_reads_what_it_is_asked_to_prepare_and_the_next_list_begins_with_it(client, cast):
    first, second = (a_session(cast.staff, cast.town, due=due) for due in (3, 33))
    text = {"questions": "窓口の件数", "time_plan": "宿題10分", "to_bring": "様式"}

    assert post(client, cast.consultant, "session_prepare", first.pk, **text, revision="0").status_code == 302

    for user in (cast.officer, cast.viewer, cast.bureau_staff):
        page = words(get(client, user, "session", first.pk))
        assert all(word in page for word in text.values())
        assert "準備のお願いを書く・直す" not in page
    assert "宿題10分" in words(get(client, cast.staff, "session_prepare", second.pk))
    assert Preparation.objects.count() == 1
    assert "窓口の件数" in str(list(search(Wanted(kinds=["session_preparation"]), user=cast.admin)[0:5]))


def test_two_who_write_the_list_see_each_others(client, cast):
    session = a_session(cast.staff, cast.town, due=3)
    preparation.save(session.pk, PreparationContent("同僚の文"), revision=0, user=cast.staff)

    answer = post(client, cast.consultant, "session_prepare", session.pk, questions="自分の文", revision="0")

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "同僚の文" in text
    assert "自分の文" in text
    with pytest.raises(Overtaken):
        preparation.save(session.pk, PreparationContent("別の文"), revision=0, user=cast.office)
    assert preparation.save(session.pk, PreparationContent("同僚の文"), revision=0, user=cast.office).revision == 1
    hold_now = type(session.occasion).objects.filter(pk=session.occasion_id)
    hold_now.update(state="held")
    with pytest.raises(NotPossible):
        preparation.save(session.pk, PreparationContent("後から"), revision=1, user=cast.staff)


def test_files_of_a_session_are_for_the_readers_of_its_record(client, cast):
    session = hold(a_session(cast.staff, cast.town), cast.staff)

    saved = post(client, cast.consultant, "session_files", session.pk, files=[a_file(), a_file("同じ中身.png")])

    assert saved.status_code == 302, words(saved)
    file = SessionAttachment.objects.get()
    for user, status in ((cast.officer, 200), (cast.bureau_staff, 200), (cast.neighbour_officer, 404),
                         (cast.stranger_staff, 404)):  # fmt: skip
        answer = get(client, user, "session_file", session.pk, file.pk)
        assert answer.status_code == status
    assert file.name in words(get(client, cast.officer, "session", session.pk))
    assert get(client, cast.officer, "session_files", session.pk).status_code == 403
    other = a_session(cast.staff, cast.town, due=-3)
    assert get(client, cast.staff, "session_file", other.pk, file.pk).status_code == 404
    type(session.occasion).objects.filter(pk=session.occasion_id).update(state="confirmed")
    assert "確定しています" in words(post(client, cast.staff, "session_files", session.pk, files=[a_file()]))
    post(client, cast.staff, "session_file_delete", session.pk, file.pk)
    assert SessionAttachment.objects.count() == 1
    type(session.occasion).objects.filter(pk=session.occasion_id).update(state="held")
    assert post(client, cast.staff, "session_file_delete", session.pk, file.pk).status_code == 302
    assert not SessionAttachment.objects.exists()


def test_the_log_takes_files_along_and_refuses_them_with_the_rest(client, cast):
    session = a_session(cast.staff, cast.town)
    fields = log_fields(get(client, cast.staff, "session_log", session.pk)) | {"record": ["写真つきの記録"]}
    bad = SimpleUploadedFile("壊れた.png", b"no picture", "image/png")

    refused = post(client, cast.staff, "session_log", session.pk, **fields | {"files": [bad]})

    assert "壊れた.png" in words(refused)
    assert (Session.objects.get().record, SessionAttachment.objects.count()) == ("", 0)
    assert post(client, cast.staff, "session_log", session.pk, **fields | {"files": [a_file()]}).status_code == 302
    assert (Session.objects.get().record, SessionAttachment.objects.get().name) == ("写真つきの記録", "様子.png")


def test_snippets_are_ones_own_or_shared_by_all_who_support(client, cast):
    for user, title, shared in ((cast.consultant, "自分の書き出し", False), (cast.office, "みんなの結び", True)):
        data = {"title": title, "text": f"{title}の文", **({"shared": "on"} if shared else {})}
        assert post(client, user, "snippet_create", **data).status_code == 302
    session = a_session(cast.staff, cast.town)

    texts = {
        name: words(get(client, getattr(cast, name), "session_log", session.pk)) for name in ("consultant", "staff")
    }

    assert "自分の書き出しの文" in texts["consultant"]
    assert "自分の書き出しの文" not in texts["staff"]
    assert all("みんなの結びの文" in text for text in texts.values())
    assert "みんなの結び" not in words(get(client, cast.officer, "snippets"))
    own = Snippet.objects.get(owner=cast.consultant)
    assert get(client, cast.staff, "snippet_edit", own.pk).status_code == 404
    shared = Snippet.objects.get(owner=None)
    change = {"title": shared.title, "text": "直した文", "shared": "on", "revision": "1"}
    assert post(client, cast.staff, "snippet_edit", shared.pk, **change).status_code == 302
    assert post(client, cast.consultant, "snippet_edit", shared.pk, **change | {"text": "古い"}).status_code == 409
    assert post(client, cast.office, "snippet_delete", shared.pk).status_code == 302
    assert get(client, cast.viewer, "snippets").status_code == 403


def test_a_name_is_taken_once_and_a_town_shares_nothing(cast):
    snippets.create(SnippetContent("書き出し", "本日は"), user=cast.officer)

    with pytest.raises(NotPossible):
        snippets.create(SnippetContent("書き出し", "別の文"), user=cast.officer)
    snippets.create(SnippetContent("書き出し", "本日は"), user=cast.staff)
    with pytest.raises(PermissionDenied):
        snippets.create(SnippetContent("みんなの", "文", shared=True), user=cast.officer)
    with pytest.raises(PermissionDenied):
        snippets.create(SnippetContent("書き出し", "文"), user=cast.viewer)


def test_addresses_of_a_session_lead_to_its_materials(client, cast):
    session = a_session(cast.staff, cast.town, due=3)

    page = get(client, cast.staff, "session", session.pk).content.decode()

    for name in ("session_prepare", "session_files"):
        assert reverse(f"consultations:{name}", args=[session.pk]) in page
