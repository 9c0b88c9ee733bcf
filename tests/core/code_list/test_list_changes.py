"""What the national list says against what is stored, and what a person's decisions make of it."""

from dataclasses import dataclass

import pytest

from dxportal.core.code_list.domain.changes import ABOLISHED, KEPT, StoredTown, compare
from dxportal.core.code_list.domain.decisions import cautious, settle, wrong_decisions


@dataclass(frozen=True)
class Row:
    code: str
    kind: str
    name: str
    kana: str = ""
    place: str = "A1"


KINDS = {"市": "city", "町": "town", "村": "village", "区": "ward", "県": "prefecture"}
PREFECTURE = ("220001", "静岡県")


def rows(*pairs):
    return [Row(code, KINDS[name[-1]], name, *kana) for code, name, *kana in (PREFECTURE, *pairs)]


def stored(*pairs, fields=None):
    towns = [StoredTown(1, "220001", "prefecture", "静岡県", "", "22")]
    for number, (code, name, *kana) in enumerate(pairs, 2):
        reading = kana[0] if kana else ""
        towns.append(StoredTown(number, code, KINDS[name[-1]], name, reading, "22", **(fields or {}).get(name, {})))
    return towns


def kinds(plan):
    return {change.row.code: change.kind for change in plan.changes}


def test_the_same_list_changes_nothing():
    plan = compare(rows(("222011", "静岡市")), stored(("222011", "静岡市")))

    assert (plan.changes, plan.questions, plan.unchanged, plan.asks) == ((), (), 2, False)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (("222011", "静岡市"), ("221007", "静岡市"), "designated"),
        (("222011", "静岡市"), ("222029", "静岡市"), "recoded"),
        (("223018", "川上町", "カワカミチョウ"), ("222291", "川上市", "カワカミシ"), "city"),
        (("223018", "川上町", "カワカミマチ"), ("222291", "川上市", "カワカミシ"), "city"),
        (("223018", "川上村", "カワカミムラ"), ("223026", "川上町", "カワカミチョウ"), "city"),
        (("223018", "葛󠄀城町"), ("222291", "葛城市"), "city"),
        (("223018", "旧川町"), ("223018", "新川町"), "renamed"),
        (("223018", "川上町"), ("223018", "川上市"), "city"),
        (("", "川上町"), ("223018", "川上町"), "corrected"),
        (("223018", "鎌ヶ谷市"), ("223018", "鎌ケ谷市"), "corrected"),
        (("223018", "川上町", ""), ("223018", "川上町", "カワカミチョウ"), "corrected"),
    ],
)
def test_a_town_goes_on_as_itself(before, after, kind):
    plan = compare(rows(after), stored(before))

    assert kinds(plan) == {after[0]: kind}
    assert [change.stored.pk for change in plan.changes] == [2]
    assert (plan.questions, plan.newcomers) == ((), ())


def test_a_city_of_the_stem_that_is_read_otherwise_is_a_question():
    plan = compare(rows(("222291", "川上市", "カワウエシ")), stored(("223018", "川上町", "カワカミチョウ")))

    assert plan.changes == ()
    assert [row.code for row in plan.newcomers] == ["222291"]
    assert [(question.stored.name, question.proposal) for question in plan.questions] == [("川上町", "")]


def test_two_towns_of_the_name_beside_one_new_code_are_a_question_and_no_guess():
    plan = compare(
        rows(("222291", "泊市"), ("223000", "北町")), stored(("223018", "泊町"), ("223026", "泊村"), ("223000", "北町"))
    )

    assert kinds(plan) == {}
    assert {question.stored.code for question in plan.questions} == {"223018", "223026"}


def test_a_namesake_whose_own_code_is_listed_stays_beside_the_new_one():
    plan = compare(rows(("223018", "泊村"), ("223026", "泊村")), stored(("223018", "泊村")))

    assert kinds(plan) == {"223026": "new"}


def test_the_merged_town_is_proposed_to_follow_into_the_city_that_became_designated():
    plan = compare(
        rows(("221007", "静岡市"), ("222020", "浜松市")),
        stored(("222011", "静岡市"), ("222020", "浜松市"), ("222046", "清水市")),
    )

    settled = settle(plan, {})

    assert kinds(plan) == {"221007": "designated"}
    assert [(ending.stored.name, ending.successor) for ending in settled.endings] == [("清水市", "221007")]


def test_where_two_got_new_codes_nobody_is_proposed_to_have_followed():
    towns = stored(("222011", "静岡市"), ("222020", "浜松市"), ("222046", "清水市"))

    plan = compare(rows(("221007", "静岡市"), ("221309", "浜松市")), towns)

    assert [question.proposal for question in plan.questions] == [ABOLISHED]


def test_several_that_made_a_new_town_end_into_it():
    plan = compare(rows(("223034", "みなべ町")), stored(("223018", "南部町"), ("223026", "南部川村")))

    settled = settle(plan, {})

    assert [(change.kind, change.row.code) for change in settled.changes] == [("founded", "223034")]
    assert {(ending.stored.code, ending.successor) for ending in settled.endings} == {
        ("223018", "223034"),
        ("223026", "223034"),
    }


def test_one_that_vanished_beside_one_that_came_waits_for_a_decision_and_makes_no_second_town():
    plan = compare(rows(("223034", "新町")), stored(("223018", "旧村")))

    open_plan = settle(plan, {})
    same = settle(plan, {"223018": "223034"})
    other = settle(plan, {"223018": ABOLISHED})

    assert (open_plan.changes, open_plan.endings, [row.code for row in open_plan.waiting]) == ((), (), ["223034"])
    assert [(change.kind, change.stored.pk) for change in same.changes] == [("renamed", 2)]
    assert [change.kind for change in other.changes] == ["new"]
    assert [(ending.stored.code, ending.successor) for ending in other.endings] == [("223018", "")]


def test_a_town_that_a_living_one_took_in_ends_and_who_followed_is_left_open():
    plan = compare(rows(("222020", "浜松市")), stored(("222020", "浜松市"), ("223018", "川上町")))

    assert [(ending.stored.code, ending.successor) for ending in settle(plan, {}).endings] == [("223018", "")]
    assert settle(plan, {"223018": "222020"}).endings[0].successor == "222020"
    assert settle(plan, cautious(plan)).endings == ()


def test_a_list_that_lacks_most_of_a_prefecture_ends_nobody():
    towns = [(f"22301{number}", f"第{number}町") for number in range(8)]

    plan = compare(rows(*towns[:2]), stored(*towns))

    assert {question.proposal for question in plan.questions} == {KEPT}


def test_a_list_of_earlier_days_is_refused_by_row_and_ends_nobody():
    plan = compare(
        rows(("222011", "静岡市"), ("222046", "清水市")),
        stored(
            ("221007", "静岡市"),
            ("222046", "清水市"),
            fields={"静岡市": {"former_codes": ("222011",)}, "清水市": {"ended": True}},
        ),
    )

    assert [refused.row.code for refused in plan.refused] == ["222011", "222046"]
    assert (plan.changes, plan.questions, plan.newcomers) == ((), (), ())


def test_an_ended_town_without_successor_is_asked_about_and_stays_as_it_is_without_an_answer():
    plan = compare(
        rows(("221007", "静岡市")),
        stored(("221007", "静岡市"), ("222046", "清水市"), fields={"清水市": {"ended": True, "open_end": True}}),
    )

    assert not plan.asks
    assert settle(plan, {}).endings == ()
    assert settle(plan, {"222046": "221007"}).endings[0].successor == "221007"


def test_fictional_towns_and_those_without_a_code_never_vanish():
    plan = compare(rows(), stored(("909018", "架空町"), ("", "無番町"), fields={"架空町": {"fictional": True}}))

    assert plan.questions == ()


def test_a_codeless_twin_of_a_listed_town_is_named_and_left_to_a_person():
    plan = compare(rows(("223018", "川上町")), stored(("223018", "旧川町"), ("", "川上町")))

    assert [refused.row.code for refused in plan.refused] == ["223018"]
    assert plan.changes == ()


def test_decisions_about_others_are_refused_with_those_that_can_be_decided():
    plan = compare(rows(("222020", "浜松市")), stored(("222020", "浜松市"), ("223018", "川上町")))

    assert wrong_decisions(plan, {"223018": "222020"}) == []
    assert "223018" in wrong_decisions(plan, {"999999": KEPT})[0]
    assert "999999" in wrong_decisions(plan, {"223018": "999999"})[0]


def test_equal_plans_have_equal_digests_and_others_have_not():
    towns = stored(("222011", "静岡市"), ("222046", "清水市"))

    plans = [
        compare(rows(("221007", "静岡市")), towns),
        compare(rows(("221007", "静岡市"), ("222046", "清水市")), towns),
    ]

    assert plans[0].digest == compare(rows(("221007", "静岡市")), towns).digest != plans[1].digest
