"""The form of an occasion: its own fields and the rows of its bodies as one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.enums import BodyRole, CountingBook, OccasionMode
from dxportal.core.occasions.models import OccasionKind
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.ui.fields import JpCharField, JpIntegerField, day_field, moment, moment_initial, time_field
from dxportal.core.ui.forms import PortalErrorList, PortalForm, RowForm, RowFormSet

Choices = list[tuple[str, Any]]
LONGEST = 24 * 60
MOST_BODIES = 60
BLANK_ROWS = 2
BODIES = "bodies"


@dataclass(frozen=True, slots=True)
class OccasionChoices:
    """What there is to choose from: bodies as "o:5" and "g:7", and kinds by code, both in groups."""

    bodies: Choices
    kinds: Choices

    @classmethod
    def load(cls, user: Any, stored: Sequence[BodyPart] = (), kinds: Sequence[str] = ()) -> "OccasionChoices":
        """For whoever plans; what the occasion has already stays on offer, in use or not."""
        return cls(body_choices(user, stored), kind_choices(user, kinds))


def body_choices(user: Any, stored: Sequence[BodyPart]) -> Choices:
    """Consultants and bureaus bring in the towns of their charge, all others any town of the prefecture."""
    prefecture = user.acting.organization.prefecture_id
    kept = {part.organization for part in stored if part.organization}
    places = Organization.objects.filter(prefecture=prefecture).living(timezone.localdate(), besides=kept)
    offices: Choices = []
    towns: dict[str, Choices] = {}
    in_charge = None
    if user.role in (Role.CONSULTANT, Role.BUREAU_STAFF):
        in_charge = kept | set(Organization.objects.for_user(user).values_list("pk", flat=True))
    for place in places.select_related("parent"):
        if place.kind != OrganizationKind.MUNICIPALITY:
            offices.append((f"o:{place.pk}", place.name))
        elif in_charge is None or place.pk in in_charge:
            towns.setdefault(place.parent.name if place.parent else "", []).append((f"o:{place.pk}", place.name))
    groups = [(f"g:{pk}", name) for pk, name in Group.objects.filter(prefecture=prefecture).values_list("pk", "name")]
    grouped = [*towns.items(), ("県・振興局", offices), ("広域グループ", groups)]
    return [("", "選択してください"), *((label, rows) for label, rows in grouped if rows)]


def kind_choices(user: Any, kept: Sequence[str]) -> Choices:
    rows = OccasionKind.objects.for_user(user)
    books: dict[str, Choices] = {}
    for kind in rows:
        if kind.is_active or kind.code in kept:
            books.setdefault(kind.book, [])
            if (kind.code, kind.name) not in books[kind.book]:
                books[kind.book].append((kind.code, kind.name))
    return [(CountingBook(book).label, choices) for book, choices in books.items()]


class OccasionForm(PortalForm):
    title = JpCharField(label="件名", limit=200)
    starts_at_day = day_field("開始")
    starts_at_time = time_field("開始")
    minutes = JpIntegerField(label="時間", unit="分", min_value=1, max_value=LONGEST, help_text="例：90")
    mode = forms.ChoiceField(label="開催方法", choices=OccasionMode.choices, widget=forms.RadioSelect)
    place = JpCharField(label="会場", limit=200, required=False)
    address = forms.URLField(
        label="接続先のアドレス",
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={"invalid": "https://から始まるアドレスを入力してください。"},
        help_text="オンライン会議のアドレス。https://から",
    )
    kinds = forms.MultipleChoiceField(
        label="数え方",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="この会合を何の回数に数えるか。一つの会合を、いくつもの種別に数えられます。",
    )
    agenda = JpCharField(label="議題・次第", limit=4000, required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, choices: OccasionChoices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kinds"]
        kinds.choices = choices.kinds

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError("https://から始まるアドレスを入力してください。", code="invalid")
        return address


class BodyRowForm(RowForm):
    body = forms.ChoiceField(label="団体・広域グループ", required=False)
    name = JpCharField(label="県外などの団体名", limit=100, required=False, help_text="一覧にない団体のとき")
    section = JpCharField(label="課", limit=100, required=False)
    role = forms.ChoiceField(label="立場", required=False, choices=BodyRole.choices, initial=BodyRole.PARTICIPANT)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        body = cleaned.get("body", "")
        name = cleaned.get("name", "")
        if body and name:
            self.add_error("name", "一覧で選んだ行には、団体名を入力しないでください。別の行に入力できます。")
        elif self.has_changed() and not body and not name and "body" not in self.errors and not self.is_removed:
            self.add_error("body", "団体を一覧から選ぶか、団体名を入力してください。")
        return cleaned

    @property
    def is_removed(self) -> bool:
        return bool(self.data.get(self.add_prefix("remove")))

    def value(self) -> BodyPart:
        kind, _, key = self.cleaned_data["body"].partition(":")
        return BodyPart(
            organization=int(key) if kind == "o" else None,
            group=int(key) if kind == "g" else None,
            name=self.cleaned_data["name"],
            section=self.cleaned_data["section"],
            role=self.cleaned_data["role"] or BodyRole.PARTICIPANT,
        )


class BodyRowFormSet(RowFormSet):
    title = "団体"


BodyRows: Any = forms.formset_factory(
    BodyRowForm, formset=BodyRowFormSet, extra=1, max_num=MOST_BODIES, absolute_max=MOST_BODIES + 1
)


class OccasionForms:
    """The occasion's own form (``main``) and the rows of its bodies, as one form with one draft."""

    def __init__(self, data: Any = None, *, choices: OccasionChoices, draft: OccasionDraft | None = None):
        self.choices = choices
        row_values = {"choices": choices.bodies}
        if data is not None:
            self.main = OccasionForm(data, choices=choices)
            self.rows = BodyRows(data, prefix=BODIES, error_class=PortalErrorList, form_kwargs=row_values)
            return
        self.main = OccasionForm(choices=choices, initial=initial_of(draft))
        lines = [line_of(part) for part in draft.bodies] if draft else []
        self.rows = BodyRows.holding(lines, BODIES, blank=BLANK_ROWS, form_kwargs=row_values)

    @classmethod
    def typed(cls, data: Any, *, choices: OccasionChoices) -> "OccasionForms":
        """What was typed, unchecked and unsaved, with empty rows more."""
        typed = cls(choices=choices)
        typed.main.initial = {
            name: data.getlist(name) if name == "kinds" else data.get(name, "") for name in typed.main.fields
        }
        typed.rows = BodyRows.typed(data, BODIES, blank=BLANK_ROWS, form_kwargs={"choices": choices.bodies})
        return typed

    @property
    def all(self) -> list[Any]:
        return [self.main, self.rows]

    @property
    def fields(self) -> dict[str, Any]:
        """For refusals by field; those of the bodies have no box of their own."""
        return self.main.fields

    def add_error(self, name: str | None, error: Any) -> None:
        self.main.add_error(name, error)

    @property
    def errors(self) -> bool:
        """For the page's title."""
        return self.main.is_bound and not self.is_valid()

    @property
    def is_bound(self) -> bool:
        return self.main.is_bound

    def is_valid(self) -> bool:
        verdicts = [form.is_valid() for form in self.all]  # every part is asked: all errors show at once
        self.rows.name_errors()
        return all(verdicts)

    def draft(self) -> OccasionDraft:
        cleaned: Any = self.main.cleaned_data
        starts_at: Any = moment(cleaned, "starts_at")  # both boxes are required
        return OccasionDraft(
            title=cleaned["title"],
            starts_at=starts_at,
            minutes=cleaned["minutes"],
            mode=cleaned["mode"],
            place=cleaned["place"],
            address=cleaned["address"],
            agenda=cleaned["agenda"],
            kinds=tuple(cleaned["kinds"]),
            bodies=self.rows.values(),
        )


def initial_of(draft: OccasionDraft | None) -> dict[str, Any]:
    if draft is None:
        return {"minutes": 60, "mode": OccasionMode.ONSITE, "starts_at_time": dt.time(10)}
    names = ("title", "minutes", "mode", "place", "address", "agenda")
    values = {name: getattr(draft, name) for name in names}
    return values | moment_initial("starts_at", draft.starts_at) | {"kinds": list(draft.kinds)}


def line_of(part: BodyPart) -> dict[str, Any]:
    body = f"o:{part.organization}" if part.organization else f"g:{part.group}" if part.group else ""
    return {"body": body, "name": part.name, "section": part.section, "role": part.role}
