"""What is typed about the plan."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dxportal.core.kana import even_width
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of, month_ends
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import JpCharField, JpDateField, JpIntegerField
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.japanese import InputError, parse_date, western
from dxportal.core.ui.pages import AddressForm
from dxportal.portal.domain.plan.content import Due, evenly
from dxportal.portal.enums import OF_MEETINGS, Measure
from dxportal.portal.models.plan import LARGEST

MONTHLY = "monthly"
YEAR_END = "year_end"
BY_DAY = "by_day"
CALENDARS = [
    (MONTHLY, "各月末に均等に"),
    (YEAR_END, "年度末までに全部"),
    (BY_DAY, "期日ごとに入力する"),
]
LINE = re.compile(r"(?P<day>.+?)[\s,、:]+(?P<amount>[0-9]+)")
HELP = "1行に一つ、期日とその日までに増やす数（例：2025-03-07 1）。「期日ごとに入力する」のときだけ使います。"


class DayAddress(AddressForm):
    """As of which day; one that can't be read is told and counts as not given."""

    day = JpDateField(label="基準日")
    tell = ("day",)
    beside = ("day",)


class PlanAddress(DayAddress):
    """Of which year, as of which day."""

    year = forms.ChoiceField(label="年度")
    beside = ("year", "day")
    field_order = ("year", "day")

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), f"{year}年度") for year in years]  # type: ignore[attr-defined]


class CalendarFields(PortalForm):
    """Target and calendar, which belong together: what is due by the days adds up to the target."""

    target = JpIntegerField(label="目標値", min_value=0, max_value=LARGEST)
    calendar = forms.ChoiceField(label="計画の日程", choices=CALENDARS, widget=forms.RadioSelect, initial=MONTHLY)
    due_lines = JpCharField(
        label="期日ごとの数", required=False, limit=2000, widget=forms.Textarea(attrs={"rows": 6}), help_text=HELP
    )

    def __init__(self, *args: Any, fiscal_year: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fiscal_year = fiscal_year

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "target" in data and "calendar" in data and "due_lines" in data:
            try:
                data["dues"] = self.dues(data["target"], data["calendar"], data["due_lines"])
            except ValidationError as error:
                self.add_error("due_lines", error)
        return data

    def dues(self, target: int, pattern: str, lines: str) -> tuple[Due, ...]:
        first, last = bounds(self.fiscal_year)
        if pattern == MONTHLY:
            return evenly(target, month_ends(self.fiscal_year))
        if pattern == YEAR_END:
            return evenly(target, [last])
        dues = read_dues(lines)
        outside = [western(due.day) for due in dues if not first <= due.day <= last]
        if outside:
            raise ValidationError(f"{self.fiscal_year}年度の日付を入力してください（{'、'.join(outside)}）。")
        total = sum(due.amount for due in dues)
        if total != target:
            raise ValidationError(
                f"期日ごとの数の合計（{total}）が目標値（{target}）と違います。どちらかを直してください。"
            )
        return dues


def read_dues(lines: str) -> tuple[Due, ...]:
    """One due a line; ValidationError names every line that can't be read."""
    dues, errors = [], []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        match = LINE.fullmatch(even_width(line).strip())
        try:
            if match is None:
                raise InputError("期日と数を、間を空けて入力してください（例：2025-03-07 1）。")
            dues.append(Due(parse_date(match["day"]), int(match["amount"][:9])))
        except InputError as error:
            errors.append(f"{number}行目：{error}")
    if errors:
        raise ValidationError(errors)
    days = [due.day for due in dues]
    if twice := {western(day) for day in days if days.count(day) > 1}:
        raise ValidationError(f"同じ期日が2回あります（{'、'.join(sorted(twice))}）。1行にまとめてください。")
    return tuple(due for due in dues if due.amount)


def as_lines(dues: Sequence[Due]) -> str:
    return "\n".join(f"{western(due.day)} {due.amount}" for due in dues)


class PlanItemForm(CalendarFields):
    """A row of the plan. ``kinds`` and ``capacities``: (code, name) pairs to choose from."""

    section = JpCharField(label="区分", limit=100, help_text="契約や仕様書の区分（例：(2) よろず相談の実施）")
    item = JpCharField(label="項目", limit=100)
    unit = JpCharField(label="単位", limit=20, help_text="例：回、市町村、人")
    measure = forms.ChoiceField(label="数え方", choices=Measure.choices)
    kinds = forms.MultipleChoiceField(
        label="数える会合の種別", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="会合や行事を数えるときに選びます。どれかに当たる会合を1回と数えます。",
    )  # fmt: skip
    capacities = forms.MultipleChoiceField(
        label="数える役割", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="名簿の人数を数えるときに選びます。",
    )  # fmt: skip
    note = JpCharField(label="備考", required=False, limit=500, widget=forms.Textarea(attrs={"rows": 2}))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = (
        "section",
        "item",
        "measure",
        "kinds",
        "capacities",
        "target",
        "unit",
        "calendar",
        "due_lines",
        "note",
    )

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[str, str]], capacities: Sequence[tuple[str, str]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        self.fields["capacities"].choices = capacities  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        measure = data.get("measure")
        if measure in OF_MEETINGS and not data.get("kinds") and "kinds" not in self.errors:
            self.add_error("kinds", "数える会合の種別を一つ以上選択してください。")
        if measure == Measure.ROSTER and not data.get("capacities") and "capacities" not in self.errors:
            self.add_error("capacities", "数える役割を一つ以上選択してください。")
        return data

    def row(self) -> dict[str, Any]:
        """The columns of the row, without its calendar."""
        data = self.cleaned_data
        chosen = {Measure.ROSTER: data["capacities"]} | dict.fromkeys(OF_MEETINGS, data["kinds"])
        names = ("section", "item", "unit", "measure", "target", "note")
        return {name: data[name] for name in names} | {"kinds": chosen.get(Measure(data["measure"]), [])}


class PlanChangeForm(CalendarFields):
    day = JpDateField(label="変更日", help_text="この日から、新しい目標値と日程で比べます。")
    reason = JpCharField(label="理由", limit=500, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("day", "target", "calendar", "due_lines", "reason")


class HandCountForm(PortalForm):
    day = JpDateField(label="日付")
    amount = JpIntegerField(
        label="数", min_value=-LARGEST, max_value=LARGEST, help_text="取り消すときは負の数を入力します。"
    )
    reason = JpCharField(label="内容・根拠", limit=500, help_text="例：次年度事業の提案書を提出")

    def clean_amount(self) -> int:
        if self.cleaned_data["amount"] == 0:
            raise ValidationError("0のほかの数を入力してください。", code="zero")
        return self.cleaned_data["amount"]


class CopyYearForm(PortalForm):
    from_year = forms.ChoiceField(label="もとにする年度")
    to_year = forms.ChoiceField(label="新しい年度")

    def __init__(self, *args: Any, years: Sequence[int], today: dt.date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        this = fiscal_year_of(today)
        free = [year for year in (this, this + 1) if year not in years]
        self.fields["from_year"].choices = [(str(year), f"{year}年度") for year in years]  # type: ignore[attr-defined]
        self.fields["to_year"].choices = [(str(year), f"{year}年度") for year in free]  # type: ignore[attr-defined]


class JoinExchangeForm(PortalForm):
    towns = forms.ModelMultipleChoiceField(
        label="参加する団体", queryset=Organization.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    day = JpDateField(label="参加日")

    def __init__(self, *args: Any, towns: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["towns"].queryset = towns  # type: ignore[attr-defined]


class LeaveExchangeForm(PortalForm):
    last_day = JpDateField(label="最終日")
