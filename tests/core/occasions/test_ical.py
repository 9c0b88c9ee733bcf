"""The calendar's text, read as a calendar program reads it."""

import datetime as dt
import time

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from dxportal.core.occasions.domain.ical import FeedEvent, calendar_text, fold
from tests.core.occasions.conftest import at

texts = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"), max_size=200)


def event(**values):
    fixed = {
        "uid": "1@x",
        "sequence": 2,
        "title": "月例相談",
        "starts_at": at("2024-06-12"),
        "ends_at": at("2024-06-12", "11:30"),
        "changed_at": at("2024-06-01", "09:00"),
    }
    return FeedEvent(**(fixed | values))


def read(*events):
    return Calendar.from_ical(calendar_text("会合", events))


@given(texts.filter(str.strip), texts)
def test_whatever_is_written_is_read_back_by_a_calendar_program(title, place):
    (component,) = read(event(title=title, place=place)).walk("VEVENT")

    assert str(component["SUMMARY"]) == title
    assert str(component.get("LOCATION", "")) == place


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"))))
def test_lines_are_at_most_75_octets_and_no_character_is_cut(text):
    pieces = fold(text).split("\r\n ")

    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= 75 - (n > 0) for n, piece in enumerate(pieces))


def test_an_event_has_its_zone_its_number_and_its_version():
    calendar = read(event(description="一行目\n二行目; 三, 四\\五"))
    (component,) = calendar.walk("VEVENT")

    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    assert component["DTSTART"].params["TZID"] == "Asia/Tokyo"
    assert (component.decoded("DTSTART"), component.decoded("DTEND")) == (at("2024-06-12"), at("2024-06-12", "11:30"))
    assert component.decoded("DTSTART").utcoffset() == dt.timedelta(hours=9)
    assert (str(component["UID"]), component["SEQUENCE"], str(component["STATUS"])) == ("1@x", 2, "CONFIRMED")
    assert component.decoded("LAST-MODIFIED") == dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
    assert str(component["DESCRIPTION"]) == "一行目\n二行目; 三, 四\\五"


def test_what_was_called_off_is_struck_out():
    (component,) = read(event(cancelled=True)).walk("VEVENT")
    assert str(component["STATUS"]) == "CANCELLED"


def test_a_years_worth_is_written_in_a_fraction_of_what_a_feed_may_take():
    events = [
        event(uid=f"{n}@x", place="役場 二階 会議室", description="参加：" + "あさひ町、" * 8) for n in range(360)
    ]
    started = time.perf_counter()
    text = calendar_text("会合", events)

    assert time.perf_counter() - started < 0.3
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 360
