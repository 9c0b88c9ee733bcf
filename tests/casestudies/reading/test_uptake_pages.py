import pghistory
import pytest
from django.urls import reverse

from casestudies.domain.reading import uptake as uptakes
from casestudies.domain.reading.uptake import UptakeWish
from casestudies.domain.search import index
from casestudies.enums import UptakeState
from casestudies.models import Case, Uptake
from dxportal.portal.domain.audit import Wanted, search
from tests.support import factories as make
from tests.support.cases import a_case
from tests.support.reading import an_uptake, archive, get, post, words

pytestmark = pytest.mark.django_db
CONSIDERING, PREPARING, DONE, DECLINED = UptakeState


def test_taking_up_leads_back_to_the_case_in_its_search(client, cast):
    case = a_case("窓口")

    response = post(client, cast.officer, "uptake", case.source_id, state="preparing", note="試す", back="q=窓口&n=2")

    assert response.url == f"/cases/{case.source_id}/?q=%E7%AA%93%E5%8F%A3&n=2#uptake"
    assert list(Uptake.objects.values_list("state", "note", "by")) == [("preparing", "試す", cast.officer.pk)]


def test_a_back_address_is_never_more_than_parameters(client, cast):
    case = a_case("窓口")

    response = post(client, cast.officer, "uptake", case.source_id, state="done", back="//evil.example/#x\r\nA: b")

    assert response.url.startswith(f"/cases/{case.source_id}/?")
    assert "\n" not in response.url


@pytest.mark.parametrize(("name", "data"), [("uptake", {"state": "done"}), ("bookmark", {"act": "add"})])
def test_a_back_address_beyond_all_measure_is_dropped(client, cast, name, data):
    case = a_case("窓口")

    response = post(client, cast.officer, name, case.source_id, back="q=" + "長" * 10_000, **data)

    assert response.status_code == 302
    assert "q=" not in response.url


def test_a_refused_form_keeps_what_was_typed(client, cast):
    case = a_case("窓口")

    page = words(post(client, cast.officer, "uptake", case.source_id, state="done", note="長" * 1001))

    assert "1000文字以内で入力してください" in page
    assert "長" * 1001 in page
    assert not Uptake.objects.exists()


def test_an_overtaken_save_shows_both_and_may_be_repeated(client, cast):
    case = a_case("窓口")
    uptake = an_uptake(case, cast.approver, PREPARING, "先の人")

    response = post(client, cast.officer, "uptake", case.source_id, state="done", note="後の人", revision=0)

    assert response.status_code == 409
    text = response.content.decode()
    assert "先の人" in text
    assert "後の人" in text
    assert 'name="revision" value="1"' in text
    uptake.refresh_from_db()
    assert (uptake.state, uptake.note) == ("preparing", "先の人")


def test_staff_choose_the_municipality_among_their_own(client, cast):
    case = a_case("窓口")

    refused = post(client, cast.staff, "uptake", case.source_id, state="done", organization=cast.other_town.pk)
    taken = post(client, cast.staff, "uptake", case.source_id, state="done", organization=cast.neighbour.pk)

    assert refused.status_code == 200
    assert taken.status_code == 302
    assert list(Uptake.objects.values_list("organization__name", flat=True)) == ["ゆうひ町"]


def test_a_municipality_cannot_speak_for_another(client, cast):
    case = a_case("窓口")

    post(client, cast.officer, "uptake", case.source_id, state="done", organization=cast.neighbour.pk)

    assert list(Uptake.objects.values_list("organization", flat=True)) == [cast.town.pk]


def test_the_page_of_a_registration_shows_its_history_and_saves(client, cast):
    uptake = an_uptake(a_case("窓口"), cast.officer, CONSIDERING, "はじめ")

    saved = post(client, cast.staff, "uptake_detail", uptake.pk, state="done", note="できた", revision=1)

    assert saved.url == reverse("casestudies:uptake_detail", args=[uptake.pk])
    page = words(get(client, cast.officer, "uptake_detail", uptake.pk))
    assert "検討中 → から 実施" in page
    assert "県 職員" in page


def test_the_history_hides_the_title_of_a_case_that_is_being_rewritten_elsewhere(client, cast):
    case = a_case("よその県の題", prefecture=cast.other_pref)
    uptake = an_uptake(case, cast.officer)
    Case.objects.filter(pk=case.pk).update(state="draft", title="書きかけの題")
    index.write([case.pk])

    page = words(get(client, cast.officer, "uptake_detail", uptake.pk))

    assert "書きかけの題" not in page
    assert "現在は閲覧できない事例" in page.split("経過", 1)[1]


def test_the_audit_of_the_prefecture_tells_what_was_taken_up_and_taken_back(cast):
    case = a_case("窓口")
    with pghistory.context(user=cast.officer.pk):
        an_uptake(case, cast.officer, CONSIDERING, "試したい")
        uptake = an_uptake(case, cast.officer, DECLINED, "人手が足りない", revision=1)
        uptakes.take_back(uptake.pk, user=cast.officer)

    results = search(Wanted(kinds=["uptake"]), user=cast.admin)

    assert [(item.act, item.place, item.subject, item.who) for item in results[0:10]] == [
        (act, "あさひ町", f"{case.source_id} 窓口", "町 担当") for act in ("取消", "変更", "登録")
    ]
    assert [(change.label, change.old, change.new) for change in results[1:2][0].changes] == [
        ("状態", "検討中", "見送り"),
        ("メモ", "試したい", "人手が足りない"),
    ]
    assert len(search(Wanted(kinds=["uptake"]), user=cast.stranger_staff)) == 0


def test_a_viewer_reads_a_registration_without_a_form(client, cast):
    uptake = an_uptake(a_case("窓口"), cast.officer, CONSIDERING, "はじめ")

    page = get(client, cast.viewer, "uptake_detail", uptake.pk).content.decode()

    assert "はじめ" in page
    assert 'name="state"' not in page
    assert post(client, cast.viewer, "uptake_detail", uptake.pk, state="done", revision=1).status_code == 403
    assert post(client, cast.viewer, "uptake_delete", uptake.pk).status_code == 403


def test_taking_back_asks_first(client, cast):
    uptake = an_uptake(a_case("窓口"), cast.officer)

    assert "取り消します" in words(get(client, cast.officer, "uptake_delete", uptake.pk))
    assert Uptake.objects.exists()
    assert post(client, cast.officer, "uptake_delete", uptake.pk).url == reverse("casestudies:uptakes")
    assert not Uptake.objects.exists()


def test_the_list_shows_only_what_is_in_reach(client, cast):
    case = a_case("窓口")
    for who in (cast.officer, cast.neighbour_officer):
        an_uptake(case, who, DONE, f"{who.name}のメモ")

    seen = {
        who: words(get(client, getattr(cast, who), "uptakes"))
        for who in ("officer", "bureau_staff", "consultant", "staff")
    }

    assert {who: ("町 担当のメモ" in text, "隣 担当のメモ" in text) for who, text in seen.items()} == {
        "officer": (True, False),
        "bureau_staff": (True, False),
        "consultant": (True, False),
        "staff": (True, True),
    }


def test_the_list_is_filtered_by_state_and_municipality(client, cast):
    an_uptake(a_case("窓口"), cast.officer, DONE)
    an_uptake(a_case("申請"), cast.officer, DECLINED)
    an_uptake(a_case("相談"), cast.neighbour_officer, DONE)

    def listed(**query):
        rows = get(client, cast.staff, "uptakes", **query).context["rows"]
        return {row.label.title for row in rows}

    assert listed(state="done") == {"窓口", "相談"}
    assert listed(state="done", organization=cast.town.pk) == {"窓口"}
    assert listed(state="x", organization="y") == {"窓口", "申請", "相談"}


def test_an_archived_case_stays_in_the_list_without_a_link(client, cast):
    case = a_case("しまった事例")
    uptake = an_uptake(case, cast.officer)
    archive(case)

    for address in (get(client, cast.officer, "uptakes"), get(client, cast.officer, "uptake_detail", uptake.pk)):
        text = address.content.decode()
        assert "しまった事例" in text
        assert "保管" in text
        assert reverse("casestudies:detail", args=[case.source_id]) not in text


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_query_count(client, cast, item_count, django_assert_num_queries):
    for n in range(item_count):
        town = make.make_municipality(cast.bureau)
        uptakes.take_up(a_case(f"事例{n}").pk, town.pk, UptakeWish(DONE), user=cast.staff)
    client.force_login(cast.staff)

    with django_assert_num_queries(7):
        response = client.get(reverse("casestudies:uptakes"))

    assert len(response.context["rows"]) == item_count
