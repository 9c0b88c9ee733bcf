"""No text that is stored holds what nobody sees; every form of the portal and every reader of files asks."""

import importlib
import inspect
import pkgutil

import pytest
from django import forms
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

import assessments
import casestudies
import consultations
import dxportal.core
import dxportal.portal
from assessments.domain.questionnaires.answers import AnswerValue, check
from dxportal.core.accounts.models import User
from dxportal.core.code_list.intake.national_list import read_code_list
from dxportal.core.intake.reader import read_book
from dxportal.core.intake.yaml_file import InvalidFileError, YamlFile
from dxportal.core.textsearch.folding import repair
from dxportal.core.ui.forms import PortalForm, PortalFormMixin
from dxportal.core.ui.pages.address import AddressText
from dxportal.core.unseen import unseen
from tests.support.code_list import WAKAYAMA, write_book
from tests.support.questionnaires import text

HIDDEN = [
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200f",
    "\ufeff",
    "\u00ad",
    "\x07",
    "\x1b",
    "\x9b",
    "\u2028",
    "\u3164",
    "\U000e0041",
    "\u2800",
    "\U000e0fff",
    "\U0001d173",
]
SEEN = [
    "葛\U000e0100城市", "辻\ufe00", "1行目\n2行目\t表", "👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "外字\ue000", "－～￥①㈱ｱ", "が", "か\u3099", "",
]  # fmt: skip


@pytest.mark.parametrize("char", HIDDEN)
def test_what_nobody_sees_is_named_with_its_place(char):
    sentence = unseen(f"窓口の{char}予約")

    assert f"U+{ord(char):04X}" in sentence
    assert sentence.startswith("「窓口の」のすぐ後")
    assert sentence.endswith("。")


@pytest.mark.parametrize("words", SEEN)
def test_what_people_write_is_kept(words):
    assert unseen(words) == ""


def test_a_joiner_between_letters_is_named():
    assert "U+200D" in unseen("窓\u200d口")


@pytest.mark.parametrize("words", ["\ufe0f", "\U000e0100\U000e0101", "窓口 \ufe0f"])
def test_a_selector_of_nothing_is_named(words):
    assert "表示されない文字" in unseen(words)


def test_a_box_of_one_line_takes_one_line():
    form = type("Form", (PortalForm,), {"name": forms.CharField(), "text": forms.CharField(widget=forms.Textarea)})
    sent = form({"name": "窓口\n\x0aBcc: a@example.jp", "text": "1行目\n2行目"})
    assert "1行で入力してください" in sent.errors["name"][0]
    assert list(sent.errors) == ["name"]


def test_words_of_a_search_are_read_without_what_nobody_sees():
    assert AddressText().clean("窓口\u202e\u2066予約\x07 \u200b\n待ち") == "窓口 予約 待ち"
    assert repair("窓口\u2066予約") == "窓口 予約"


@given(st.text())
def test_a_sentence_never_holds_the_character(words):
    assert unseen(unseen(words)) == ""


def form_classes():
    for room in (dxportal.core, dxportal.portal, assessments, casestudies, consultations):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if "forms" in module.name.split("."):
                importlib.import_module(module.name)
    waiting = [forms.BaseForm]
    while waiting:
        waiting += (known := waiting.pop()).__subclasses__()
        if known.__module__.split(".")[0] in ("dxportal", "assessments", "casestudies", "consultations"):
            yield known


def test_every_form_asks():
    """Those of signing in take passwords and codes, and store no text."""
    without = {known for known in form_classes() if not issubclass(known, PortalFormMixin)}

    assert {known.__module__.rsplit(".", 1)[-1] for known in without} <= {"sign_in", "second_factor", "boxes"}
    own = [vars(known)["full_clean"] for known in form_classes() if "full_clean" in vars(known)]
    assert [method for method in own if "super().full_clean()" not in inspect.getsource(method)] == []


class Sample(PortalForm):
    title = forms.CharField()
    words = forms.Field()
    secret = forms.CharField(widget=forms.PasswordInput)


def test_whatever_the_field_is_a_form_names_it_beside_the_field():
    form = Sample({"title": "題\u202e名", "words": ["a", "b\u200b"], "secret": "x\u200by"})

    assert set(form.errors) == {"title", "words"}
    assert "U+202E" in form.errors["title"][0]


def test_the_own_name_is_refused_on_the_page_and_stays_as_typed(client, cast):
    client.force_login(cast.officer)

    page = client.post(reverse("accounts:profile"), {"name": "町\u202e 担当", "kana": "マチ"})

    assert "U+202E" in page.content.decode()
    assert User.objects.get(pk=cast.officer.pk).name == "町 担当"


def test_the_code_list_asks_too(tmp_path):
    city = ("302015", "和歌山県", "和歌山\u200b市", "ﾜｶﾔﾏｹﾝ", "ﾜｶﾔﾏｼ")
    with write_book(tmp_path / "codes.xlsx", WAKAYAMA, city).open("rb") as file:
        (error,) = read_code_list(read_book(file)).errors

    assert (error.row, error.code) == (3, "unseen")
    assert "U+200B" in error.message


def test_answers_and_files_ask_too():
    assert "U+200B" in check(text("q"), AnswerValue(text="a\u200bb"))[0].message
    file = YamlFile("title: 窓口\u202e予約\n")
    with pytest.raises(InvalidFileError, match=r"1行目 title: .*U\+202E"):
        raise file.invalid
