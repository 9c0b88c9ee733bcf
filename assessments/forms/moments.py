"""A point in time as staff write it: a date in any era and a clock time, side by side."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from dxportal.core.kana import half_width
from dxportal.core.ui.fields import JpDateField

CLOCK = re.compile(r"(?P<half>午前|午後)?\s*(?P<hour>\d{1,2})\s*(?:[:：時]\s*(?P<minute>\d{1,2})?\s*分?)?", re.ASCII)


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
