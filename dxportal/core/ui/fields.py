"""Form fields for Japanese offices: lenient about width, commas, units and eras, strict about the value."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.urls import reverse_lazy
from django.utils import timezone

from dxportal.core.kana import even_width, half_width, to_katakana
from dxportal.core.ui import japanese, numbers
from dxportal.core.unseen import UNSEEN

REQUIRED = "この項目は入力が必須です。"
REQUIRED_CHOICE = "選択してください。"
BOOK_ENDINGS = ".xlsx,.csv"  # what the readers of core/intake take
CLOCK = re.compile(r"(?P<half>午前|午後)?\s*(?P<hour>\d{1,2})\s*(?:[:：時]\s*(?P<minute>\d{1,2})?\s*分?)?", re.ASCII)
DATE_HELP = "年は西暦でも和暦でも入力できます。例：2026年4月1日、令和8年4月1日"


class JpDecimalField(forms.Field):
    """A number typed as text: 「１，２００」, 「▲5」, 「38.5％」. ``unit`` is shown after the box and may be typed."""

    widget = forms.TextInput
    input_mode = "decimal"

    def __init__(
        self,
        *,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        decimal_places: int | None = None,
        unit: str = "",
        **kwargs: Any,
    ):
        self.min_value = min_value
        self.max_value = max_value
        self.decimal_places = decimal_places
        self.unit = unit
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": self.input_mode, "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | int | None:
        if value in self.empty_values or (isinstance(value, str) and not half_width(value).strip()):
            return None
        try:
            return japanese.parse_number(str(value), unit=self.unit)
        except japanese.InputError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        too_low = self.min_value is not None and value < self.min_value
        if too_low or (self.max_value is not None and value > self.max_value):
            raise ValidationError(range_message(self.min_value, self.max_value), code="range")
        places = self.decimal_places
        if places is not None and Decimal(value) != round(Decimal(value), places):
            raise ValidationError(f"小数第{places}位までの数で入力してください。", code="decimal_places")

    def prepare_value(self, value: Any) -> Any:
        return numbers.plain(value).replace(numbers.MINUS, "-") if isinstance(value, (int, Decimal)) else value


class JpIntegerField(JpDecimalField):
    """A whole number; 「12.0」 is one, 「1.5」 is not."""

    input_mode = "numeric"

    def to_python(self, value: Any) -> int | None:
        read = super().to_python(value)
        if read is None:
            return None
        if read != int(read):
            raise ValidationError(
                f"小数のない数で入力してください（例：12）。入力された値：「{value}」", code="not_integer"
            )
        return int(read)


def range_message(low: Decimal | int | None, high: Decimal | int | None) -> str:
    """「0～100の数で入力してください。」 and its one-sided forms."""
    if low is not None and high is not None:
        return f"{numbers.plain(low)}～{numbers.plain(high)}の数で入力してください。"
    if low is not None:
        return f"{numbers.plain(low)}以上の数で入力してください。"
    return "数で入力してください。" if high is None else f"{numbers.plain(high)}以下の数で入力してください。"


class JpDateField(forms.Field):
    """One text box for a date in any writing of ``japanese.read_date``; the page says how it was understood."""

    widget = forms.TextInput

    def __init__(self, *, first: dt.date | None = None, last: dt.date | None = None, **kwargs: Any):
        self.first = first
        self.last = last
        kwargs.setdefault("help_text", DATE_HELP)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "data-date": reverse_lazy("ui:read_date")}

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return japanese.parse_date(str(value))
        except japanese.InputError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and self.first and value < self.first:
            raise ValidationError(f"{japanese.both(self.first)}以後の日付を入力してください。", code="range")
        if value and self.last and value > self.last:
            raise ValidationError(f"{japanese.both(self.last)}以前の日付を入力してください。", code="range")

    def prepare_value(self, value: Any) -> Any:
        return japanese.western(value) if isinstance(value, dt.date) else value

    def note_for(self, value: Any) -> str:
        """What to show below a date that needed interpreting; "" otherwise."""
        try:
            return japanese.read_date(value).note if isinstance(value, str) and value.strip() else ""
        except japanese.InputError:
            return ""


class JpCharField(forms.CharField):
    """Free text as typed: ends trimmed, line ends unified, nothing converted. The box never cuts at the limit."""

    def __init__(self, *, limit: int | None = None, **kwargs: Any):
        self.limit = limit
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        counted = self.limit and isinstance(widget, forms.Textarea)
        return super().widget_attrs(widget) | ({"data-count": self.limit} if counted else {})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.limit and (over := len(value) - self.limit) > 0:
            raise ValidationError(
                f"{self.limit}文字以内で入力してください（現在{len(value)}文字、{over}文字超過）。", code="too_long"
            )


class JpEmailField(forms.EmailField):
    """Full-width letters are taken and stored half width."""

    default_error_messages = {"invalid": "メールアドレスの形で入力してください（例：dx@example.lg.jp）。"}

    def to_python(self, value: Any) -> str:
        return super().to_python(even_width(value).strip() if value else value) or ""


class KatakanaField(JpCharField):
    """A reading: ひらがな and half-width kana are taken and stored as full-width katakana."""

    default_validators = [
        RegexValidator(r"^[ァ-ヺー・ヽヾ\s]+$", "カタカナで入力してください（例：ヤマダ ハナコ）。", code="not_kana")
    ]

    def to_python(self, value: Any) -> str:
        return to_katakana(even_width(super().to_python(value)))


class JpPhoneField(JpCharField):
    """Stored half width with hyphens as typed; the number of digits is not judged."""

    default_validators = [
        RegexValidator(
            r"^[0-9+()\- ]+$", "電話番号を数字とハイフンで入力してください（例：073-441-2000）。", code="invalid"
        )
    ]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"type": "tel", "autocomplete": "tel"}

    def to_python(self, value: Any) -> str:
        text = even_width(super().to_python(value))
        return text.translate(dict.fromkeys(map(ord, "‐‑–—―−ー"), "-"))


class JpFileField(forms.FileField):
    """An upload. ``accept``: the endings that the browser offers; an empty file is named, so that it can be found."""

    default_error_messages = {
        "required": "ファイルを選択してください。",
        "empty": "ファイルが空です。内容のあるファイルを選んでください。",
    }

    def __init__(self, *, accept: str, **kwargs: Any):
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = accept

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values and data.name and not data.size and not self.allow_empty_file:
            raise ValidationError(
                f"「{UNSEEN.sub('', data.name)}」は空のファイルです。内容のあるファイルを選んでください。", code="empty"
            )
        return super().to_python(data)


class JpTimeField(forms.Field):
    """「17:00」「17時」「午後5時30分」; full width is fine. 24:00 means the day's last minute (23:59)."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", "例：17:00、午後5時")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"autocomplete": "off", "inputmode": "text", "class": "control-sm"}

    def to_python(self, value: Any) -> dt.time | None:
        if isinstance(value, dt.time) or value in self.empty_values:
            return value or None
        match = CLOCK.fullmatch(half_width(str(value)).strip())
        hour = int(match["hour"]) if match else 99
        minute = int(match["minute"] or 0) if match else 99
        hour += 12 if match and match["half"] == "午後" and hour < 12 else 0
        if (hour, minute) == (24, 0):
            return dt.time(23, 59)
        if hour > 23 or minute > 59:
            raise ValidationError(f"時刻を「17:00」の形で入力してください。入力された値：「{value}」", code="invalid")
        return dt.time(hour, minute)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.hour}:{value.minute:02d}" if isinstance(value, dt.time) else value


def day_field(label: str) -> JpDateField:
    """The first half of a moment; name it ``<name>_day``."""
    return JpDateField(label=f"{label}（日付）")


def time_field(label: str) -> JpTimeField:
    """The second half of a moment; name it ``<name>_time``."""
    return JpTimeField(label=f"{label}（時刻）")


def moment_initial(name: str, value: dt.datetime) -> dict[str, Any]:
    local = timezone.localtime(value)
    return {f"{name}_day": local.date(), f"{name}_time": local.time().replace(second=0, microsecond=0)}


def moment(cleaned: dict[str, Any], name: str) -> dt.datetime | None:
    """The two fields' values as one point in time of the current zone; None while one is missing."""
    day = cleaned.get(f"{name}_day")
    clock = cleaned.get(f"{name}_time")
    return timezone.make_aware(dt.datetime.combine(day, clock)) if day and clock else None
