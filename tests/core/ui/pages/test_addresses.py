"""Addresses are read leniently: nothing in one is an error, and one question has one address."""

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from dxportal.core.ui.fields import JpDateField
from dxportal.core.ui.pages import AddressChoices, AddressFlag, AddressForm, AddressNumber, AddressText


class FruitFilter(AddressForm):
    kind = forms.ChoiceField(choices=[("", "すべて"), ("apple", "りんご"), ("pear", "梨")])
    town = AddressNumber()
    ripe = AddressFlag()
    colours = AddressChoices(choices=[("red", "赤"), ("green", "青"), ("black", "黒")])
    words = AddressText(limit=8)
    day = JpDateField()
    whole = AddressFlag()
    sorts, default_sort, tell, beside = ("name", "price"), "name", ("day",), ("whole",)


def read(address: str) -> FruitFilter:
    return FruitFilter(QueryDict(address))


def test_what_the_address_says():
    values = read(
        "kind=pear&town=12&ripe=1&colours=green&colours=red&words=%E7%94%98%E3%81%84&day=2026-04-01&sort=-price"
    ).values

    assert (values.kind, values.town, values.ripe, values.sort) == ("pear", 12, True, "-price")
    assert (values.colours, values.words, values.day) == (["red", "green"], "甘い", dt.date(2026, 4, 1))


BROKEN = [
    "kind=stone&town=x&ripe=yes&colours=blue&day=soon&sort=weight&page=none",
    "kind=%00&town=%00&ripe=%00&colours=%00&words=%00&day=%00&sort=%00&page=%00",
    "town=" + "9" * 5000 + "&page=" + "9" * 5000,
    "town=-1&page=-1&ripe=true",
    "town=１２&page=１２",
    "kind=apple%FF&words=%FF%FE&sort=-",
    "kind[]=apple&town[a]=1",
    "",
]


@pytest.mark.parametrize("address", BROKEN)
def test_unknown_and_broken_values_count_as_not_asked(address):
    form = read(address)

    assert (form.values.kind, form.values.town, form.values.ripe, form.values.colours) == ("", None, False, [])
    assert (form.values.day, form.values.sort) == (None, "name")
    assert form.page in (1, 100_000)


def test_only_a_typed_day_is_told_as_wrong():
    assert set(read("kind=stone&day=soon").errors) == {"day"}


def test_words_lose_control_characters_and_are_cut():
    assert read("words=a%00b%0A%0A c  d efghijk").values.words == "a b c d"


def test_one_question_has_one_address():
    assert read("sort=name&ripe=1&x=2&kind=apple&page=3&town=").query() == "kind=apple&ripe=1"
    assert read("ripe=1&kind=apple").query(kind="pear", page=2) == "kind=pear&ripe=1&page=2"
    assert read("colours=green&colours=red&day=R8.4.1&sort=-name").query() == (
        "colours=red&colours=green&day=2026-04-01&sort=-name"
    )


@pytest.mark.parametrize(("address", "narrows"), [("", False), ("whole=1&sort=-name", False), ("ripe=1", True)])
def test_what_shows_otherwise_does_not_narrow(address, narrows):
    assert read(address).narrows is narrows
