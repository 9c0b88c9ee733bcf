"""One calendar for everybody: a month as a grid, and as a list by day that is also a file."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from dxportal.core.accounts.models import User
from dxportal.core.intake.export import Sheet
from dxportal.core.occasions.domain.bodies import recall_bodies, with_bodies
from dxportal.core.occasions.domain.days import Day, Month, by_day, read_month, weeks_of
from dxportal.core.occasions.domain.planning import busy_between, words_of
from dxportal.core.occasions.enums import OFFICE_ROLES, WRITING_ROLES, OccasionState
from dxportal.core.occasions.forms.occasion import Choices, kind_choices
from dxportal.core.occasions.models import Attendance, BusyPeriod, Occasion
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.people.models import Supporter
from dxportal.core.ui.pages import AddressForm, AddressText, Crumbs, ListPage, crumbs

FEW = 3  # so many towns are named in the grid when they are busy; more are counted
HEADER = ("日付", "曜日", "開始", "終了", "件名", "状態", "開催方法", "会場", "団体", "種別", "祝日")
WEEKDAYS = "月火水木金土日"
# How far the list reaches from its month on.
SPANS = (("", "1か月"), ("quarter", "3か月"), ("year", "年度"))


class CalendarAddress(AddressForm):
    month = AddressText(limit=7)
    span = forms.ChoiceField(label="期間", choices=SPANS)
    municipality = forms.ChoiceField(label="市町村")
    bureau = forms.ChoiceField(label="振興局")
    group = forms.ChoiceField(label="広域グループ")
    person = forms.ChoiceField(label="出席する人")
    kind = forms.ChoiceField(label="種別")
    state = forms.ChoiceField(label="状態", choices=[("", "すべて"), *OccasionState.choices])
    beside = ("month", "span")

    def __init__(self, data: Any, *args: Any, choices: dict[str, Choices], **kwargs: Any):
        super().__init__(data, *args, **kwargs)
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.choices = [("", "すべて"), *rows]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The boxes that have more than one thing to choose from."""
        names = ("municipality", "bureau", "group", "person", "kind", "state")
        return [self[name] for name in names if len(self.fields[name].choices) > 1]  # type: ignore[attr-defined]


class CalendarPage(ListPage):
    """Occasions in reach of a stretch of days, narrowed by the address."""

    model = Occasion
    scope = "for_user"
    address_class = CalendarAddress
    heading = "カレンダー"

    def get_address_kwargs(self) -> dict[str, Any]:
        today = timezone.localdate()
        prefecture = self.user.acting.organization.prefecture_id
        places = list(Organization.objects.for_user(self.user).living(today).only("pk", "name", "kind"))
        groups = Group.objects.for_user(self.user).filter(prefecture=prefecture).values_list("pk", "name")
        # Of the fiscal year shown: all that ever took place would be read on every visit.
        month = read_month(self.request.GET.get("month", "")) or Month.of(today)
        year = self.model.objects.for_user(self.user).between(*bounds(fiscal_year_of(month.first_day)))
        attended = Attendance.objects.filter(occasion__in=year)
        team = Supporter.objects.filter(pk__in=attended.values("supporter"))
        others = User.objects.filter(pk__in=attended.values("user")).exclude(supporters__in=team)
        people = [(f"s:{pk}", name) for pk, name in team.values_list("pk", "name")]
        people += [(f"u:{pk}", name) for pk, name in others.values_list("pk", "name")]

        def of_kind(kind: str) -> Choices:
            return [(str(place.pk), place.name) for place in places if place.kind == kind]

        return {
            "choices": {
                "municipality": of_kind(OrganizationKind.MUNICIPALITY),
                "bureau": of_kind(OrganizationKind.BUREAU),
                "group": [(str(pk), name) for pk, name in groups],
                "person": people,
                "kind": kind_choices(self.user, ()),
            }
        }

    @cached_property
    def month(self) -> Month:
        return read_month(self.filters.month) or Month.of(timezone.localdate())

    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day that the page shows."""
        return self.month.first_day, self.month.last_day

    def queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related(with_bodies(), "counts__kind")

    def filtered(self, rows: Any) -> Any:
        wanted = self.filters
        rows = rows.between(*self.days())
        if wanted.municipality:
            rows = rows.with_body(Organization.objects.line_of([int(wanted.municipality)]))
        if wanted.bureau:
            pk = int(wanted.bureau)
            below = Organization.objects.filter(Q(pk=pk) | Q(parent=pk))
            rows = rows.with_body(Organization.objects.line_of(below.values("pk")))
        if wanted.group:
            rows = rows.with_group(int(wanted.group))
        if wanted.person:
            kind, _, key = wanted.person.partition(":")
            rows = rows.attended_by_supporter(int(key)) if kind == "s" else rows.attended_by(int(key))
        if wanted.kind:
            rows = rows.of_kind(wanted.kind)
        return rows.filter(state=wanted.state) if wanted.state else rows

    @cached_property
    def busy(self) -> list[BusyPeriod]:
        """Of the town or bureau asked for, else of all in reach."""
        rows = busy_between(*self.days(), self.user)
        if self.filters.municipality:
            rows = rows.filter(organization__in=Organization.objects.line_of([int(self.filters.municipality)]))
        elif self.filters.bureau:
            rows = rows.filter(organization__parent=self.filters.bureau)
        periods = list(rows)
        recall((period.organization, min(period.first_day, timezone.localdate())) for period in periods)
        return periods

    def busy_on(self, day: dt.date) -> str:
        """「あさひ町：議会」; of many towns only how many."""
        periods = [period for period in self.busy if period.first_day <= day <= period.last_day]
        if len(periods) > FEW:
            return f"議会・繁忙期 {len({period.organization_id for period in periods})}団体"
        return "、".join(f"{period.organization.shown}：{words_of(period)}" for period in periods)

    def crumbs(self) -> Crumbs:
        return crumbs(self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recall_bodies(kwargs["rows"])
        earlier = self.month.shifted(-1)
        later = self.month.shifted(1)
        query = self.address.query
        context = {
            "month": self.month,
            "earlier": query(month=str(earlier)) if earlier else None,
            "later": query(month=str(later)) if later else None,
            "this_month": query(month=None),
            "here": query(month=str(self.month)),
            "today": timezone.localdate(),
            "may_create": self.user.role in WRITING_ROLES,
            "may_kinds": self.user.role in OFFICE_ROLES,
            "by_day": [(day, self.busy_on(day.date), rows) for day, rows in by_day(kwargs["rows"], occasion_day)],
        }
        return super().get_context_data(**(context | kwargs))


class MonthPage(CalendarPage):
    """The grid; a narrow screen shows its rows as the list by day instead."""

    template_name = "occasions/calendar/month.html"
    per_page = None

    def cell(self, day: Day, occasions: dict[dt.date, list[Occasion]]) -> dict[str, Any]:
        busy = self.busy_on(day.date) if day.inside else ""
        return {"day": day, "busy": busy, "occasions": occasions.get(day.date, [])}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        occasions = {day.date: rows for day, rows in by_day(kwargs["rows"], occasion_day)}
        weeks = [[self.cell(day, occasions) for day in week] for week in weeks_of(self.month)]
        return super().get_context_data(weeks=weeks, weekdays="日月火水木金土", **kwargs)


class DayListPage(CalendarPage):
    """The list by day, of a month, three months or the fiscal year; as a workbook all of it."""

    template_name = "occasions/calendar/list.html"
    per_page = 100

    def days(self) -> tuple[dt.date, dt.date]:
        if self.filters.span == "year":
            return bounds(fiscal_year_of(self.month.first_day))
        last = self.month.shifted(2) if self.filters.span == "quarter" else None
        return self.month.first_day, (last or self.month).last_day

    def crumbs(self) -> Crumbs:
        return crumbs((self.heading, "occasions:calendar"), "一覧")

    def file_name(self) -> str:
        return f"会合一覧_{self.month}"

    def sheets(self, rows: Any) -> Sequence[Sheet]:
        first, last = self.days()
        rows = list(rows)
        recall_bodies(rows)
        days = by_day(rows, occasion_day)
        lines = [line_of(day, occasion) for day, occasions in days for occasion in occasions]
        notes = (("期間", f"{first:%Y-%m-%d}～{last:%Y-%m-%d}"), ("時刻", "日本時間"))
        return [Sheet("会合一覧", HEADER, lines, notes)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, last = self.days()
        return super().get_context_data(first_day=first, last_day=last, spans=self.address["span"], **kwargs)


def occasion_day(occasion: Occasion) -> dt.date:
    return occasion.day


def line_of(day: Day, occasion: Occasion) -> tuple[Any, ...]:
    start = timezone.localtime(occasion.starts_at)
    end = timezone.localtime(occasion.ends_at)
    return (
        day.date,
        WEEKDAYS[day.date.weekday()],
        f"{start:%H:%M}",
        f"{end:%H:%M}",
        occasion.title,
        occasion.get_state_display(),
        occasion.get_mode_display(),
        occasion.place,
        "、".join(str(body) for body in occasion.bodies.all()),
        "、".join(str(count) for count in occasion.counts.all()),
        day.holiday,
    )
