import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from casestudies.domain.reading import bookmarks
from casestudies.domain.search import index
from casestudies.models import Bookmark, Case
from tests.support.cases import a_case
from tests.support.reading import a_full_case, archive, get, post, words

pytestmark = pytest.mark.django_db


def kept_by(user):
    return list(Bookmark.objects.filter(user=user).values_list("case__title", "note"))


def test_a_person_keeps_a_case_once_and_for_themselves(client, cast):
    case = a_case("窓口")

    for _ in range(2):
        response = post(client, cast.viewer, "bookmark", case.source_id, act="add", back="q=x")

    assert response.url == f"/cases/{case.source_id}/?q=x"
    assert kept_by(cast.viewer) == [("窓口", "")]
    assert kept_by(cast.officer) == []
    assert get(client, cast.officer, "bookmarks").context["items"] == []


@pytest.mark.parametrize("act", ["add", "note", "remove", "restore"])
def test_what_the_person_may_not_open_and_never_kept_is_not_there(client, cast, act):
    hidden = a_case("よその県内", audience="prefecture", prefecture=cast.other_pref)
    bookmarks.add(hidden, user=cast.stranger_staff)

    assert post(client, cast.officer, "bookmark", hidden.source_id, act=act, note="x").status_code == 404
    assert kept_by(cast.stranger_staff) == [("よその県内", "")]


def test_an_unknown_act_is_refused(client, cast):
    assert post(client, cast.officer, "bookmark", a_case("窓口").source_id, act="burn").status_code == 404


def test_a_note_is_written_and_bounded(client, cast):
    case = a_case("窓口")
    bookmarks.add(case, user=cast.officer)

    saved = post(
        client, cast.officer, "bookmark", case.source_id, act="note", note="会議で", to="list", back="sort=title"
    )
    refused = words(post(client, cast.officer, "bookmark", case.source_id, act="note", note="長" * 401))

    assert saved.url == "/cases/bookmarks/?sort=title"
    assert "400文字以内" in refused
    assert "長" * 401 in refused
    assert kept_by(cast.officer) == [("窓口", "会議で")]


def test_a_removal_can_be_undone_with_its_note_and_date(client, cast):
    case = a_case("窓口")
    before = timezone.now() - dt.timedelta(days=9)
    bookmarks.add(case, user=cast.officer)
    Bookmark.objects.update(note="会議で", created_at=before)

    post(client, cast.officer, "bookmark", case.source_id, act="remove", to="list")
    gone = kept_by(cast.officer)
    offered = words(get(client, cast.officer, "bookmarks"))
    post(client, cast.officer, "bookmark", case.source_id, act="restore", to="list")

    assert gone == []
    assert "元に戻す" in offered
    assert kept_by(cast.officer) == [("窓口", "会議で")]
    assert Bookmark.objects.get().created_at == before
    assert "元に戻す" not in words(get(client, cast.officer, "bookmarks"))


def test_the_page_of_a_case_offers_to_undo_its_own_removal(client, cast):
    case, other = a_case("窓口"), a_case("申請")
    bookmarks.add(case, user=cast.officer)
    post(client, cast.officer, "bookmark", case.source_id, act="remove")

    seen = {
        item.title: "元に戻す" in words(get(client, cast.officer, "detail", item.source_id)) for item in (case, other)
    }
    wrong = post(client, cast.officer, "bookmark", other.source_id, act="restore")

    assert seen == {"窓口": True, "申請": False}
    assert wrong.status_code == 404
    assert kept_by(cast.officer) == []


def test_the_list_sorts(client, cast):
    places = {"い": ("山形県", "酒田市", "city", 100_000), "あ": ("北海道", "北見市", "city", 114_000), "う": None}
    steps = {"い": 3, "あ": 0, "う": None}
    for title, place in places.items():
        case = a_case(title, places=[place] if place else [], step=steps[title])
        bookmarks.add(case, user=cast.officer)

    def titles(sort):
        return [item.case.title for item in bookmarks.kept(cast.officer, sort)]

    assert titles("newest") == ["う", "あ", "い"]
    assert titles("title") == ["あ", "い", "う"]
    assert titles("population") == ["い", "あ", "う"]
    assert titles("step") == ["あ", "い", "う"]
    assert titles("nonsense") == titles("newest")


def test_a_case_archived_later_stays_by_its_title_alone(client, cast):
    case = a_full_case("しまった事例", summary="もう見せない要約")
    bookmarks.add(case, user=cast.officer)
    archive(case)

    for name in ("bookmarks", "bookmarks_print"):
        text = get(client, cast.officer, name).content.decode()
        assert "しまった事例" in text
        assert "保管" in text
        assert "もう見せない要約" not in text
        assert reverse("casestudies:detail", args=[case.source_id]) + '"' not in text
    assert get(client, cast.officer, "detail", case.source_id).status_code == 404
    assert post(client, cast.officer, "bookmark", case.source_id, act="remove").status_code == 302
    assert kept_by(cast.officer) == []


def test_a_case_taken_back_for_rewriting_hides_even_its_title(client, cast):
    case = a_case("書き直す前", prefecture=cast.other_pref)
    bookmarks.add(case, user=cast.officer)
    Case.objects.filter(pk=case.pk).update(state="draft", title="まだ秘密の題名")
    index.write([case.pk])

    page = words(get(client, cast.officer, "bookmarks"))

    assert "まだ秘密の題名" not in page
    assert "現在は閲覧できない事例" in page


@pytest.mark.parametrize("form", ["blocks", "lines"])
def test_the_handout_holds_what_a_meeting_needs(client, cast, form):
    case = a_full_case()
    bookmarks.add(case, user=cast.officer)
    bookmarks.write_note(case, "費用を確かめる", user=cast.officer)

    page = words(get(client, cast.officer, "bookmarks_print", form=form))

    for text in ("書かない窓口", "北見市", "114,000人", "10億円", "費用を確かめる"):
        assert text in page


@pytest.mark.parametrize("name", ["bookmarks", "bookmarks_print", "bookmarks_export"])
@pytest.mark.parametrize("item_count", [1, 3])
def test_query_count(client, cast, item_count, name, django_assert_num_queries):
    for n in range(item_count):
        bookmarks.add(a_full_case(f"事例{n}"), user=cast.officer)
    client.force_login(cast.officer)

    with django_assert_num_queries(6):
        assert client.get(reverse(f"casestudies:{name}")).status_code == 200
