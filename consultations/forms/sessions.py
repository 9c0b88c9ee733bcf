"""Forms of sessions: making, logging, moving, confirming, settings and the filter of the list."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from consultations.domain.actions.write import ActionContent
from consultations.domain.sessions.log import NewAction
from consultations.domain.sessions.rules import KindRules
from consultations.domain.sessions.texts import LABELS, LIMIT, LIMITS, TEXTS
from consultations.domain.sessions.write import SessionDraft
from consultations.enums import ActionBearer, AttendanceRule
from consultations.forms.log_topics import TopicRowSet
from consultations.models import MoveRequest
from dxportal.core.files.attachments import MOST
from dxportal.core.files.file_types import TAKEN
from dxportal.core.files.forms import FilesField
from dxportal.core.occasions.domain.draft import BodyPart, Guest, OccasionDraft
from dxportal.core.occasions.enums import OccasionMode, OccasionState
from dxportal.core.occasions.models import Occasion
from dxportal.core.organizations.forms.choices import PlaceChoiceField
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import (
    JpCharField,
    JpDateField,
    JpIntegerField,
    JpTimeField,
    day_field,
    moment,
    moment_initial,
    time_field,
)
from dxportal.core.ui.forms import PortalForm, RowForm, RowFormSet, choose_from
from dxportal.core.ui.pages import AddressChoices, AddressForm, AddressNumber, AddressText
from dxportal.core.workflow.texts import TypedText, mark

MINUTES = {"min_value": 1, "max_value": 24 * 60, "unit": "分"}


class OccasionPartForm(PortalForm):
    """When and where."""

    starts_day = day_field("日時")
    starts_time = time_field("日時")
    minutes = JpIntegerField(label="時間", initial=60, **MINUTES)
    mode = forms.ChoiceField(label="開催方法", choices=OccasionMode.choices, initial=OccasionMode.ONSITE)
    place = JpCharField(label="会場", limit=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["starts_at"] = moment(cleaned, "starts")
        return cleaned


def occasion_initial(occasion: Occasion) -> dict[str, Any]:
    names = ("minutes", "mode", "place")
    return moment_initial("starts", occasion.starts_at) | {name: getattr(occasion, name) for name in names}


class SessionForm(OccasionPartForm):
    kind = forms.ChoiceField(label="種別")
    organizations = forms.ModelMultipleChoiceField(
        label="団体", queryset=Organization.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    title = JpCharField(label="件名", limit=200, required=False, help_text="空欄のときは、団体と種別から付けます。")

    field_order = ("kind", "organizations", "starts_day", "starts_time", "minutes", "mode", "place", "title")

    def __init__(self, *args: Any, rules: Mapping[str, KindRules], towns: QuerySet[Organization], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.fields["kind"].choices = [(code, rule.name) for code, rule in rules.items()]
        choose_from(self, "organizations", towns)

    def draft(self) -> SessionDraft:
        cleaned = self.cleaned_data
        towns = list(cleaned["organizations"])
        names = "・".join(town.name for town in towns[:3]) + ("ほか" if len(towns) > 3 else "")
        return SessionDraft(
            cleaned["kind"],
            OccasionDraft(
                title=cleaned["title"] or f"{names} {self.rules[cleaned['kind']].name}"[:200],
                starts_at=cleaned["starts_at"],
                minutes=cleaned["minutes"],
                mode=cleaned["mode"],
                place=cleaned["place"],
                bodies=tuple(BodyPart(organization=town.pk) for town in towns),
            ),
        )


class SectionRowForm(RowForm):
    """People without account: a section and how many of it."""

    section = JpCharField(label="課", limit=100)
    persons = JpIntegerField(label="人数", initial=1, min_value=1, max_value=999, unit="人")

    def value(self) -> Guest:
        return Guest(section=self.cleaned_data["section"], persons=self.cleaned_data["persons"])


class ActionRowForm(RowForm):
    title = JpCharField(label="内容", limit=200)
    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none(), required=False)
    bearer = forms.ChoiceField(label="対応する側", choices=ActionBearer.choices, initial=ActionBearer.TOWN)
    section = JpCharField(label="担当課", limit=100, required=False)
    due_day = JpDateField(label="期限", help_text="")

    def __init__(self, *args: Any, towns: QuerySet[Organization], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        self.only = towns[0] if len(towns) == 1 else None
        if self.only:
            del self.fields["organization"]
        elif "organization" in self.fields:
            self.fields["organization"].required = True

    def value(self) -> NewAction:
        cleaned = self.cleaned_data
        town = self.only or cleaned["organization"]
        content = ActionContent(cleaned["title"], cleaned["bearer"], cleaned["due_day"], cleaned["section"])
        return NewAction(town.pk, content)


def rows_of(form: type[RowForm], title: str, most: int) -> type[RowFormSet]:
    formset = forms.formset_factory(form, formset=RowFormSet, extra=1, max_num=most, absolute_max=most + 1)
    formset.title = title
    return formset


GUEST_ROWS = rows_of(SectionRowForm, "原課などの出席", 20)
ACTION_ROWS = rows_of(ActionRowForm, "新しいアクション", 20)


class SessionTextsForm(OccasionPartForm):
    """The log of a session: each text goes with the mark of what the person saw when beginning to type.

    Boxes of people and actions that are gone by now drop out: what was typed must not be refused for them.
    """

    people = AddressChoices(label="出席した人", required=False, widget=forms.CheckboxSelectMultiple)
    ticked = AddressChoices(label="前回からの宿題", required=False, widget=forms.CheckboxSelectMultiple)
    files = FilesField(
        label="添付ファイル",
        most=MOST,
        required=False,
        help_text=f"{TAKEN}。この記録を読める人が保存できます。",
    )  # type: ignore[assignment]  # the metaclass takes it off
    held = forms.BooleanField(label="実施済みにする", required=False)
    next_day = JpDateField(label="次回の日付", required=False, help_text="入力すると、次回の予定も登録します。")
    next_time = JpTimeField(label="次回の時刻", required=False, help_text="")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        names: Sequence[str],
        people: Sequence[tuple[str, str]],
        open_actions: Sequence[tuple[str, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.names = names
        self.fields["people"].choices = people
        self.fields["ticked"].choices = open_actions
        for name in names:
            rows = {"record": 8, "next_meeting": 1, "memo": 3}.get(name, 3)
            widget = forms.TextInput() if name == "next_meeting" else forms.Textarea(attrs={"rows": rows})
            self.fields[name] = JpCharField(
                label=LABELS[name], limit=LIMITS.get(name, LIMIT), required=False, widget=widget
            )
            self.fields[f"seen_{name}"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("next_day")) != bool(cleaned.get("next_time")) and not self.errors:
            self.add_error("next_day", "次回は、日付と時刻を両方入力してください。")
        cleaned["next_at"] = moment(cleaned, "next")
        return cleaned

    def typed(self, name: str) -> TypedText:
        return TypedText(self.cleaned_data[name], self.cleaned_data[f"seen_{name}"])

    def texts(self) -> dict[str, TypedText]:
        return {name: self.typed(name) for name in self.names if name in TEXTS}


def texts_initial(texts: Mapping[str, str]) -> dict[str, Any]:
    return dict(texts) | {f"seen_{name}": mark(text) for name, text in texts.items()}


class LogForms:
    """The form of a log with its rows, as one thing that is valid or not."""

    def __init__(self, texts: SessionTextsForm, guests: RowFormSet, actions: RowFormSet, topics: TopicRowSet):
        self.texts = texts
        self.guests = guests
        self.actions = actions
        self.topics = topics
        self.fields = texts.fields
        self.data = texts.data
        self.files = texts.files

    @property
    def is_bound(self) -> bool:
        return self.texts.is_bound

    @property
    def is_multipart(self) -> bool:
        return self.texts.is_multipart()

    def is_valid(self) -> bool:
        good = [part.is_valid() for part in (self.texts, self.guests, self.actions, self.topics)]
        for rows in (self.guests, self.actions, self.topics):
            rows.name_errors()
        return all(good)

    def add_error(self, name: str | None, error: Any) -> None:
        self.texts.add_error(name, error)

    def add_prefix(self, name: str) -> str:
        return self.texts.add_prefix(name)

    @property
    def errors(self) -> Any:
        return self.texts.errors

    def non_field_errors(self) -> Any:
        return self.texts.non_field_errors()

    def __iter__(self) -> Iterator[Any]:
        """Every bound field, those of the rows too: the summary of errors names them all."""
        rows = (form for part in (self.guests, self.actions, self.topics) for form in part.forms)
        return chain(self.texts, *rows)


class ShiftForm(PortalForm):
    starts_day = day_field("新しい日時")
    starts_time = time_field("新しい日時")
    following = forms.BooleanField(
        label="この後の予定も同じ日数だけ動かす",
        required=False,
        help_text="休日と団体の都合の悪い日は、次の開庁日に送ります。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MoveAskForm(PortalForm):
    """Up to three times that would suit the town."""

    first_day = day_field("候補1")
    first_time = time_field("候補1")
    second_day = JpDateField(label="候補2（日付）", required=False, help_text="")
    second_time = JpTimeField(label="候補2（時刻）", required=False, help_text="")
    third_day = JpDateField(label="候補3（日付）", required=False, help_text="")
    third_time = JpTimeField(label="候補3（時刻）", required=False, help_text="")
    reason = JpCharField(label="理由", limit=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("second", "third"):
            if bool(cleaned.get(f"{name}_day")) != bool(cleaned.get(f"{name}_time")) and not self.errors:
                self.add_error(f"{name}_day", "日付と時刻を両方入力してください。")
        return cleaned

    def proposed(self) -> list[dt.datetime]:
        moments = (moment(self.cleaned_data, name) for name in ("first", "second", "third"))
        return [at for at in moments if at]


class MoveTakeForm(PortalForm):
    chosen = forms.ChoiceField(label="日時", widget=forms.RadioSelect)

    def __init__(self, *args: Any, request: MoveRequest, words: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by_key = {at.isoformat(): at for at in request.proposed}
        self.fields["chosen"].choices = [(key, words(at)) for key, at in self.by_key.items()]

    def moment(self) -> dt.datetime:
        return self.by_key[self.cleaned_data["chosen"]]


class MoveDeclineForm(PortalForm):
    reason = JpCharField(label="理由", limit=1000, widget=forms.Textarea(attrs={"rows": 2}))


class ReplyForm(PortalForm):
    agrees = forms.TypedChoiceField(
        label="記録の内容",
        choices=[("1", "記録のとおり"), ("0", "直してほしいところがある")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    comment = JpCharField(label="コメント", limit=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("agrees") is False and not cleaned.get("comment"):
            self.add_error("comment", "直してほしいところを入力してください。")
        return cleaned


class YearPlanAddress(AddressForm):
    """What is to be planned; nothing in it writes anything."""

    year = AddressNumber(label="年度", widget=forms.Select)
    kind = forms.ChoiceField(label="種別")
    months = forms.TypedMultipleChoiceField(
        label="月",
        choices=[(str(month), f"{month}月") for month in (*range(4, 13), 1, 2, 3)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    mode = forms.ChoiceField(label="開催方法", choices=OccasionMode.choices)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], years: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        self.fields["year"].widget.choices = [(str(year), f"{year}年度") for year in years]


class YearPlanForm(PortalForm):
    digest = forms.CharField(widget=forms.HiddenInput)


class SessionAddress(AddressForm):
    q = AddressText(label="件名・記録")
    organization = PlaceChoiceField(label="団体", empty_label="すべて")
    kind = forms.ChoiceField(label="種別")
    state = forms.ChoiceField(label="状態", choices=[("", "すべて"), *OccasionState.choices])
    year = AddressNumber(label="年度", widget=forms.Select)

    def __init__(
        self,
        *args: Any,
        towns: QuerySet[Organization],
        kinds: Sequence[tuple[str, str]],
        years: Sequence[int],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        self.fields["kind"].choices = [("", "すべて"), *kinds]
        self.fields["year"].widget.choices = [("", "すべて"), *((str(year), f"{year}年度") for year in years)]


class SessionKindForm(PortalForm):
    """The settings of a kind in a year; a row of choices for each capacity."""

    target = JpIntegerField(label="年間の目標", required=False, min_value=0, max_value=100_000, unit="回")
    lead = forms.ChoiceField(label="進行役", required=False)
    minutes = JpIntegerField(label="標準の時間", **MINUTES)
    cap = JpIntegerField(label="一つの団体の年間の上限", required=False, min_value=0, max_value=400, unit="回")
    deliverable = forms.BooleanField(label="成果物を残す", required=False)
    years_plan = forms.BooleanField(label="年間計画をまとめて作る", required=False)
    is_active = forms.BooleanField(label="この種別を使う", required=False)

    def __init__(self, *args: Any, capacities: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.capacities = capacities
        self.fields["lead"].choices = [("", "決めない"), *capacities]
        for code, name in capacities:
            self.fields[f"capacity_{code}"] = forms.ChoiceField(
                label=f"{name}の出席", choices=AttendanceRule.choices, required=False
            )

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        names = ("target", "lead", "minutes", "cap", "deliverable", "years_plan", "is_active")
        rules = {code: cleaned[f"capacity_{code}"] for code, _ in self.capacities}
        return {name: cleaned[name] for name in names} | {
            "attendance": {key: rule for key, rule in rules.items() if rule}
        }


def kind_initial(rules: KindRules) -> dict[str, Any]:
    names = ("target", "lead", "minutes", "cap", "deliverable", "years_plan", "is_active")
    attendance = {f"capacity_{code}": rule for code, rule in rules.attendance.items()}
    return {name: getattr(rules, name) for name in names} | attendance


class FrequencyForm(PortalForm):
    """How often a town wants its monthly sessions."""

    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none())
    year = forms.TypedChoiceField(label="年度", coerce=int)
    every = forms.TypedChoiceField(
        label="回数",
        choices=[("1", "毎月"), *((str(n), f"{n}か月に1回") for n in (2, 3, 4, 6, 12)), ("0", "希望しない")],
        coerce=int,
    )
    note = JpCharField(label="備考", limit=200, required=False)

    def __init__(self, *args: Any, towns: QuerySet[Organization], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        self.fields["year"].choices = [(str(year), f"{year}年度") for year in (this_year(), this_year() + 1)]


def this_year() -> int:
    today = timezone.localdate()
    return today.year - (today.month < 4)
