import itertools
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from casestudies.domain.contribution import moves, write
from casestudies.enums import CASE_MOVES, CaseMove, CaseState
from casestudies.models import Case, CaseTransition
from dxportal.core.workflow.errors import NotPossible

STATES = ["draft", "in_review", "published", "archived"]


def make_move(case, move, user):
    comment = "直してください" if move == CaseMove.SEND_BACK else ""
    audience = "everyone" if move == CaseMove.PUBLISH else ""
    return moves.make_move(case.pk, move, user=user, comment=comment, audience=audience)


@pytest.mark.parametrize(("state", "move"), [*itertools.product(STATES, CaseMove.values)])
def test_every_move_from_every_state_follows_the_table(cast, write_case, state, move):
    """The prefecture's own case: its staff may do everything, so only the table decides."""
    case = write_case(cast.staff, staff=cast.admin, state=state)

    if transition := CASE_MOVES.find(move, state):
        assert make_move(case, move, cast.staff).state == transition.target
    else:
        with pytest.raises(NotPossible) as error:
            make_move(case, move, cast.staff)
        assert error.value.code == "not_possible"
        assert Case.objects.get(pk=case.pk).state == state


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("officer", {"submit", "withdraw", "restore"}),
        ("approver", {"submit", "withdraw", "restore"}),
        ("staff", {"send_back", "publish", "archive", "restore"}),
        ("admin", {"send_back", "publish", "archive", "restore"}),
        ("viewer", set()),
        ("neighbour_officer", set()),
        ("consultant", set()),
        ("bureau_staff", set()),
        ("pref_viewer", set()),
        ("stranger_staff", set()),
    ],
)
def test_who_may_make_which_move_with_a_municipalitys_case(cast, write_case, person, expected):
    allowed = set()
    for number, move in enumerate(CaseMove.values):
        sources = {row.source for row in CASE_MOVES if row.move == move}
        (state, *_) = sorted(sources - {"published"} or {"published"}, key=STATES.index)[-1:]
        case = write_case(cast.officer, staff=cast.staff, state=state, title=f"事例{number}")
        offered = move in moves.possible_moves(case, getattr(cast, person))
        try:
            make_move(case, move, getattr(cast, person))
            allowed.add(move)
        except PermissionDenied:
            assert not offered
        else:
            assert offered

    assert allowed == expected


def test_each_move_leaves_a_row_with_who_what_and_the_content(cast, write_case):
    case = write_case(cast.officer, staff=cast.staff, state="published", audience="everyone")

    submitted, published = CaseTransition.objects.filter(case=case).order_by("pk")

    assert (submitted.by, submitted.from_state, submitted.to_state) == (cast.officer, "draft", "in_review")
    assert submitted.by_name == cast.officer.name
    assert (published.by, published.audience, published.to_state) == (cast.staff, "everyone", "published")
    assert published.content["title"] == case.title
    assert (case.audience, case.published_at is not None) == ("everyone", True)


def test_an_unfinished_draft_is_not_handed_over(cast, full):
    case = write.create(replace(full, summary="", areas=()), user=cast.officer)

    with pytest.raises(NotPossible, match="要約、分野"):
        moves.make_move(case.pk, "submit", user=cast.officer)


def test_a_case_is_sent_back_only_with_a_reason(cast, write_case):
    case = write_case(cast.officer, state="in_review")

    with pytest.raises(NotPossible, match="理由"):
        moves.make_move(case.pk, "send_back", user=cast.staff, comment="　 ")


@pytest.mark.parametrize("audience", ["", "world", "draft"])
def test_a_case_is_published_only_to_a_known_audience(cast, write_case, audience):
    case = write_case(cast.officer, state="in_review")

    with pytest.raises(NotPossible, match="公開範囲"):
        moves.make_move(case.pk, "publish", user=cast.staff, audience=audience)


def test_publishing_again_changes_only_the_audience(cast, write_case):
    case = write_case(cast.officer, staff=cast.staff, state="published")

    wider = moves.make_move(case.pk, "publish", user=cast.staff, audience="everyone")

    assert (wider.audience, wider.published_at) == ("everyone", case.published_at)
    with pytest.raises(NotPossible, match="すでに"):
        moves.make_move(case.pk, "publish", user=cast.staff, audience="everyone")


def test_what_was_changed_since_the_reviewer_looked_is_not_published(cast, write_case, full):
    case = write_case(cast.officer, state="in_review")
    write.change(case.pk, replace(full, title="あとから直した"), user=cast.admin, revision=case.revision)

    with pytest.raises(NotPossible, match="内容が変わりました"):
        moves.make_move(case.pk, "publish", user=cast.staff, audience="everyone", revision=case.revision)


def test_a_review_sees_what_changed_since_it_was_sent_back(cast, write_case, full):
    case = write_case(cast.officer, state="in_review")
    case = moves.make_move(case.pk, "send_back", user=cast.staff, comment="成果を詳しく")
    write.change(case.pk, replace(full, outcome="詳しい成果"), user=cast.officer, revision=case.revision)
    case = moves.make_move(case.pk, "submit", user=cast.officer)

    seen = moves.last_seen(case)

    assert seen.comment == "成果を詳しく"
    (change,) = moves.changes_since(case, seen, {})
    assert (change.label, change.old, change.new) == ("成果", full.outcome, "詳しい成果")


def test_waiting_counts_what_each_has_to_do(cast, write_case):
    case = write_case(cast.officer, state="in_review")
    write_case(cast.consultant, state="in_review", title="伴走の事例")
    moves.make_move(case.pk, "send_back", user=cast.staff, comment="直す")

    results = {
        name: moves.waiting(getattr(cast, name))
        for name in ("staff", "officer", "neighbour_officer", "stranger_staff", "nobody")
    }

    assert results == {"staff": 1, "officer": 1, "neighbour_officer": 0, "stranger_staff": 0, "nobody": 0}


def test_an_archived_case_leaves_the_search_and_stays_with_its_owners(cast, write_case):
    case = write_case(cast.officer, staff=cast.staff, state="published", audience="everyone")
    assert Case.objects.published_for(cast.neighbour_officer).filter(pk=case.pk).exists()

    moves.make_move(case.pk, "archive", user=cast.staff)

    assert not Case.objects.published_for(cast.officer).filter(pk=case.pk).exists()
    assert not Case.objects.for_user(cast.neighbour_officer).filter(pk=case.pk).exists()
    assert Case.objects.for_user(cast.officer).filter(pk=case.pk).exists()


def test_states_of_the_table_are_all_there_are():
    assert {state for row in CASE_MOVES for state in (row.source, row.target)} == set(CaseState)
