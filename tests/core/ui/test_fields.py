import datetime as dt
from decimal import Decimal

import pytest
from django import forms

from dxportal.core.ui import fields
from dxportal.core.ui.forms import PortalForm


class SampleForm(PortalForm):
    name = fields.JpCharField(label="氏名", limit=5)
    kana = fields.KatakanaField(label="氏名（カナ）", required=False)
    staff = fields.JpIntegerField(label="職員数", min_value=0, max_value=100, unit="人", required=False)
    rate = fields.JpDecimalField(label="割合", min_value=0, decimal_places=1, required=False)
    day = fields.JpDateField(label="日付", required=False, first=dt.date(2020, 4, 1))
    mail = fields.JpEmailField(label="メール", required=False)
    phone = fields.JpPhoneField(label="電話", required=False)
    kind = forms.ChoiceField(label="種別", choices=[("a", "い")], required=False, widget=forms.RadioSelect)


def cleaned(**data):
    form = SampleForm({"name": "佐藤", **data})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def errors(**data):
    form = SampleForm({"name": "佐藤", **data})
    assert not form.is_valid()
    return {name: list(messages) for name, messages in form.errors.items()}


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("staff", "１２人", 12),
        ("staff", "12.0", 12),
        ("staff", "", None),
        ("staff", "　", None),
        ("rate", "３８．５％", Decimal("38.5")),
        ("day", "R8.4.1", dt.date(2026, 4, 1)),
        ("day", "", None),
        ("mail", "ｄｘ＠example.lg.jp", "dx@example.lg.jp"),
        ("phone", "０７３−４４１−２０００", "073-441-2000"),
        ("kana", "さとう ﾊﾅｺ", "サトウ ハナコ"),
        ("name", " 髙𠮷①㈱ ", "髙𠮷①㈱"),
    ],
)
def test_lenient_in_and_strict_stored(field, typed, value):
    assert cleaned(**{field: typed})[field] == value


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "この項目は入力が必須です。"),
        ("name", "あいうえおか", "5文字以内で入力してください（現在6文字、1文字超過）。"),
        ("staff", "十二", "数字で入力してください（例：12）。入力された値：「十二」"),
        ("staff", "101", "0～100の数で入力してください。"),
        ("staff", "1.5", "小数のない数で入力してください（例：12）。入力された値：「1.5」"),
        ("rate", "▲1", "0以上の数で入力してください。"),
        ("rate", "1.25", "小数第1位までの数で入力してください。"),
        ("day", "令和8年2月30日", "実在しない日付です。令和8年2月は28日までです。"),
        ("day", "2019/4/1", "令和2年4月1日（2020年4月1日）以後の日付を入力してください。"),
        ("mail", "dx", "メールアドレスの形で入力してください（例：dx@example.lg.jp）。"),
        ("kana", "佐藤", "カタカナで入力してください（例：ヤマダ ハナコ）。"),
        ("kind", "z", "選択してください。"),
    ],
)
def test_errors_say_what_is_wrong_and_how_to_mend_it(field, typed, sentence):
    assert errors(**{field: typed}) == {field: [sentence]}


def test_what_was_typed_comes_back_as_typed():
    form = SampleForm({"name": "佐藤", "staff": "１２３４", "day": "R99.99.99"})
    form.is_valid()

    assert 'value="１２３４"' in str(form["staff"])
    assert 'value="R99.99.99"' in str(form["day"])


def test_boxes_neither_cut_nor_bubble():
    class Loud(PortalForm):
        text = forms.CharField(max_length=5, min_length=2)
        number = forms.IntegerField(min_value=1, max_value=3)

    html = str(Loud())

    assert not [word for word in ("maxlength", "minlength", 'type="number"', "min=", "required>") if word in html]


def test_a_sentence_of_the_forms_author_stays():
    class Own(PortalForm):
        reason = forms.CharField(error_messages={"required": "理由を書いてください。"})

    form = Own({})

    assert form.errors["reason"] == ["理由を書いてください。"]


def test_errors_point_at_their_field():
    form = SampleForm({"name": ""})

    assert (
        str(form["name"].errors)
        == '<div class="error-text" id="id_name_error"><p>＊この項目は入力が必須です。</p></div>'
    )
    assert 'aria-describedby="id_name_error"' in str(form["name"])
    assert 'aria-invalid="true"' in str(form["name"])
