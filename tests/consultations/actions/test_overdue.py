"""One function says what is overdue: whole days of Tokyo, the same in Python, in the database, in words and on pages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.domain.actions.lines import board, count_overdue, lines, overdue_first, summary
from consultations.domain.actions.overdue import days_left, due_words, is_overdue
from consultations.enums import ActionState
from consultations.models import Action
from tests.support.consultations import an_action, day

days = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
states = st.sampled_from(ActionState.values)


@given(states, days, days)
def test_overdue_is_open_and_after_its_day(state, due, today):
    assert is_overdue(state, due, today) == (state == "open" and today > due)
    assert ("超過" in due_words(state, due, today)) == is_overdue(state, due, today)


@given(states, days)
def test_nothing_is_overdue_on_its_own_day_and_an_open_one_is_on_the_next(state, due):
    assert not is_overdue(state, due, due)
    assert is_overdue(state, due, due + dt.timedelta(days=1)) == (state == ActionState.OPEN)


@given(days, st.integers(-400, 400))
def test_words_count_whole_days(today, distance):
    due = today + dt.timedelta(days=distance)

    assert days_left(due, today) == distance
    number = "".join(letter for letter in due_words("open", due, today) if letter.isdigit())
    assert number == (str(abs(distance)) if distance else "")


@pytest.mark.django_db
def test_the_database_says_the_same_as_the_function_to_every_page(cast):
    for distance in (-30, -1, 0, 1, 40):
        for state in ActionState.values:
            action = an_action(cast.town, cast.staff, f"{state}{distance}", distance)
            closed = None if state == "open" else day(-2)
            Action.objects.filter(pk=action.pk).update(state=state, closed_at=closed and f"{closed}T10:00+09:00")
    rows = Action.objects.all()
    wanted = {row.title for row in rows if is_overdue(row.state, row.due_day, day())}

    assert wanted == {"open-30", "open-1"}
    assert count_overdue(rows) == len(wanted)
    assert {line.action.title for line in lines(rows) if line.overdue} == wanted
    assert [line.action.title for line in board(rows, day())[0].lines] == ["open-30", "open-1"]
    assert {row.title for row in overdue_first(rows, day())[:2]} == wanted
    told = summary(rows, 3)
    assert (told.count, told.overdue, len(told.lines)) == (5, 2, 3)


@pytest.mark.django_db
def test_a_day_begins_in_tokyo(cast, monkeypatch):
    """At 23:30 and 0:30 of Tokyo, which are the same day of UTC."""
    an_action(cast.town, cast.staff, due=0)
    tonight = dt.datetime.combine(day(), dt.time(23, 30), dt.timezone(dt.timedelta(hours=9)))

    for now, number in ((tonight, 0), (tonight + dt.timedelta(hours=1), 1)):
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        assert count_overdue(Action.objects.all()) == number
