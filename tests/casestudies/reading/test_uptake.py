import pytest
from django.core.exceptions import PermissionDenied

from casestudies.domain.reading import uptake
from casestudies.domain.reading.uptake import UptakeWish, history
from casestudies.domain.search import index
from casestudies.enums import UptakeState
from casestudies.models import Case, Uptake
from dxportal.core.workflow.errors import Overtaken
from tests.support.cases import a_case
from tests.support.reading import an_uptake, archive

pytestmark = pytest.mark.django_db
CONSIDERING, PREPARING, DONE, DECLINED = UptakeState


def stored(case, organization):
    return Uptake.objects.filter(case=case, organization=organization).values_list("state", "note", "revision").first()


def test_a_municipality_takes_a_case_up_and_goes_on_with_it(cast):
    case = a_case("窓口")

    an_uptake(case, cast.officer, CONSIDERING, "財政課と相談")
    an_uptake(case, cast.approver, DONE, "6月から", revision=1)

    assert stored(case, cast.town) == ("done", "6月から", 2)


def test_staff_take_a_case_up_for_a_municipality_of_their_prefecture(cast):
    case = a_case("窓口")

    uptake.take_up(case.pk, cast.town.pk, UptakeWish(PREPARING), user=cast.staff)

    assert stored(case, cast.town) == ("preparing", "", 1)


@pytest.mark.parametrize(
    "who", ["viewer", "consultant", "bureau_staff", "pref_viewer", "stranger_staff", "neighbour_officer"]
)
def test_nobody_else_takes_a_case_up_for_a_municipality(cast, who):
    case = a_case("窓口")

    with pytest.raises(PermissionDenied):
        uptake.take_up(case.pk, cast.town.pk, UptakeWish(DONE), user=getattr(cast, who))

    assert not Uptake.objects.exists()


def test_a_prefecture_takes_up_nothing_itself(cast):
    case = a_case("窓口")

    with pytest.raises(PermissionDenied):
        uptake.take_up(case.pk, cast.pref.pk, UptakeWish(DONE), user=cast.staff)


def test_only_what_the_person_finds_in_the_library_is_taken_up(cast):
    hidden = [
        a_case("下書き", state="draft", prefecture=cast.pref, organization=cast.town),
        a_case("保管", state="archived"),
        a_case("よその県内だけ", audience="prefecture", prefecture=cast.other_pref),
    ]

    for case in hidden:
        with pytest.raises(Case.DoesNotExist):
            an_uptake(case, cast.officer)


def test_a_case_archived_later_may_still_be_gone_on_with(cast):
    case = a_case("窓口")
    an_uptake(case, cast.officer)
    archive(case)

    an_uptake(case, cast.officer, DECLINED, "やめた", revision=1)

    assert stored(case, cast.town) == ("declined", "やめた", 2)


@pytest.mark.parametrize("revision", [0, 1])
def test_a_stale_save_is_refused_with_what_is_stored(cast, revision):
    case = a_case("窓口")
    an_uptake(case, cast.officer, CONSIDERING, "はじめ")
    an_uptake(case, cast.approver, PREPARING, "つぎ", revision=1)

    with pytest.raises(Overtaken) as caught:
        an_uptake(case, cast.officer, DONE, "古い画面から", revision=revision)

    assert (caught.value.current.state, caught.value.current.note) == ("preparing", "つぎ")
    assert stored(case, cast.town) == ("preparing", "つぎ", 2)


def test_a_save_after_a_taking_back_is_refused(cast):
    case = a_case("窓口")
    uptake.take_back(an_uptake(case, cast.officer).pk, user=cast.officer)

    with pytest.raises(Overtaken) as caught:
        an_uptake(case, cast.officer, DONE, revision=1)

    assert caught.value.current is None
    assert not Uptake.objects.exists()


def test_sent_twice_is_saved_once(cast):
    case = a_case("窓口")

    for _ in range(2):
        an_uptake(case, cast.officer, CONSIDERING, "同じ")

    assert stored(case, cast.town) == ("considering", "同じ", 1)


@pytest.mark.parametrize(
    ("who", "error"),
    [("viewer", PermissionDenied), ("consultant", PermissionDenied), ("neighbour_officer", PermissionDenied)],
)
def test_taking_back_asks_for_the_right(cast, who, error):
    item = an_uptake(a_case("窓口"), cast.officer)

    with pytest.raises(error):
        uptake.take_back(item.pk, user=getattr(cast, who))

    assert Uptake.objects.filter(pk=item.pk).exists()


def test_the_history_outlives_the_taking_back(cast):
    case = a_case("窓口")
    first = an_uptake(case, cast.officer, CONSIDERING, "はじめ")
    an_uptake(case, cast.officer, DONE, "はじめ", revision=1)
    uptake.take_back(first.pk, user=cast.staff)
    again = an_uptake(case, cast.officer, PREPARING)
    an_uptake(case, cast.neighbour_officer, DONE)

    entries = history(again)

    assert [(entry.act, [(change.old, change.new) for change in entry.changes]) for entry in entries] == [
        ("登録", [("", "準備中")]),
        ("取消", []),
        ("変更", [("検討中", "実施")]),
        ("登録", [("", "検討中"), ("", "はじめ")]),
    ]


def test_the_tally_counts_municipalities_by_state_and_leaves_out_who_declined(cast):
    case, other = a_case("窓口"), a_case("別")
    an_uptake(case, cast.officer, DONE)
    an_uptake(case, cast.neighbour_officer, DECLINED)
    an_uptake(other, cast.neighbour_officer, CONSIDERING)

    results = uptake.tally(case.pk)

    assert (results.total, dict(results.by_state)) == (1, {DONE: 1, PREPARING: 0, CONSIDERING: 0})


def test_taken_up_tells_what_the_municipality_may_still_open(cast, django_assert_num_queries):
    shown, kept = a_case("窓口"), a_case("保管した事例")
    prefectural = a_case("県内だけ", audience="prefecture", prefecture=cast.pref)
    rewritten = a_case("書き直し中", prefecture=cast.pref)
    for case in (shown, kept, prefectural, rewritten):
        an_uptake(case, cast.officer, DONE, f"{case.title}のメモ")
    an_uptake(shown, cast.neighbour_officer)
    archive(kept)
    Case.objects.filter(pk=rewritten.pk).update(state="draft")
    index.write([rewritten.pk])

    with django_assert_num_queries(1):
        results = uptake.taken_up(cast.town.pk)

    assert [(item.title, item.readable, item.state, item.note) for item in results] == [
        ("現在は閲覧できない事例", False, DONE, "書き直し中のメモ"),
        ("県内だけ", True, DONE, "県内だけのメモ"),
        ("保管した事例", False, DONE, "保管した事例のメモ"),
        ("窓口", True, DONE, "窓口のメモ"),
    ]
