"""Who stood where a town stands now, who stands where it stood, and what they were called."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.organizations.domain.lives import Life, Link, Lives, NameThen

MERGED = dt.date(2025, 4, 1)
EVE = dt.date(2025, 3, 31)
AGAIN = dt.date(2026, 4, 1)
A, B, TAKER, NEW, LAST = 1, 2, 3, 4, 5


def life(pk, first_day=None, last_day=None, names=()):
    return Life(pk, (*names, NameThen(f"第{pk}町", f"30000{pk}")), first_day, last_day)


def lives_of(*lives, links=()):
    return Lives({life.pk: life for life in lives}, tuple(Link(*link, kind="merger") for link in links))


def test_a_town_that_nothing_happened_to_stands_for_itself_on_every_day():
    lives = lives_of(life(A))

    assert lives.successors(A, MERGED) == lives.predecessors(A, EVE) == lives.chain(A) == (A,)


def test_towns_that_made_a_new_one_are_its_predecessors_until_the_eve_and_it_is_not_its_own():
    lives = lives_of(
        life(A, None, EVE), life(B, None, EVE), life(NEW, MERGED), links=[(A, NEW, MERGED), (B, NEW, MERGED)]
    )

    assert lives.predecessors(NEW, EVE) == (A, B)
    assert lives.predecessors(NEW, MERGED) == (NEW,)
    assert (lives.successors(A, EVE), lives.successors(A, MERGED)) == ((A,), (NEW,))


def test_a_town_that_took_another_in_stands_beside_it_before():
    lives = lives_of(life(A, None, EVE), life(TAKER), links=[(A, TAKER, MERGED)])

    assert lives.predecessors(TAKER, EVE) == (A, TAKER)
    assert lives.names_on(TAKER, EVE) == (NameThen("第1町", "300001"), NameThen("第3町", "300003"))


def test_a_merger_of_the_merged_leads_on_only_from_its_own_day():
    lives = lives_of(
        life(A, None, EVE),
        life(NEW, MERGED, dt.date(2026, 3, 31)),
        life(LAST, AGAIN),
        links=[(A, NEW, MERGED), (NEW, LAST, AGAIN)],
    )

    assert lives.successors(A, dt.date(2026, 3, 31)) == (NEW,)
    assert lives.successors(A, AGAIN) == (LAST,)
    assert lives.predecessors(LAST, EVE) == (A,)
    assert lives.predecessors(LAST, dt.date(2025, 12, 1)) == (NEW,)
    assert lives.chain(NEW) == (A, NEW, LAST)


def test_after_a_split_several_follow_and_after_an_abolition_nobody():
    split = lives_of(
        life(A, None, EVE), life(NEW, MERGED), life(LAST, MERGED), links=[(A, NEW, MERGED), (A, LAST, MERGED)]
    )
    gone = lives_of(life(A, None, EVE))

    assert split.successors(A, MERGED) == (NEW, LAST)
    assert gone.successors(A, MERGED) == ()


def test_a_name_holds_up_to_its_last_day():
    town = life(A, names=[NameThen("旧町", "300009", EVE, "city")])

    assert [town.name_on(day).name for day in (dt.date(2000, 1, 1), EVE, MERGED)] == ["旧町", "旧町", "第1町"]


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.dates(MERGED, AGAIN)), max_size=15))
def test_whatever_stands_in_the_table_asking_ends_and_before_and_after_agree(links):
    lives = lives_of(*map(life, range(8)), links=links)

    for pk in range(8):
        for key in lives.successors(pk, AGAIN):
            assert pk in lives.predecessors(key, EVE)
