"""Who is expected or was there, row by row."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership
from dxportal.core.occasions.domain.draft import Guest
from dxportal.core.occasions.enums import AttendanceHow
from dxportal.core.occasions.models import Occasion
from dxportal.core.occasions.models.people import MOST_PERSONS
from dxportal.core.people.models import Capacity, Supporter
from dxportal.core.ui.fields import JpCharField, JpIntegerField
from dxportal.core.ui.forms import PortalErrorList, RowForm, RowFormSet, number_sent

GUESTS = "guests"
MOST_GUESTS = 200
BLANK_ROWS = 3
Choices = list[tuple[str, Any]]


def body_choices(occasion: Occasion) -> Choices:
    bodies = occasion.bodies.select_related("organization", "group")
    return [("", "選択しない"), *((str(body.pk), str(body)) for body in bodies)]


def person_choices(occasion: Occasion, guests: Sequence[Guest]) -> Choices:
    """The supporters of the prefecture as "s:5", the members of its bodies and whoever is entered already as "u:7"."""
    bodies = occasion.bodies.all()
    organizations = bodies.filter(organization__isnull=False).values("organization")
    groups = bodies.filter(group__isnull=False).values("group__members")
    of_bodies = Q(organization__in=organizations) | Q(organization__in=groups)
    consultants = Q(role=Role.CONSULTANT, organization=occasion.prefecture_id)
    entered = Q(
        user__in=[guest.user for guest in guests if guest.user], organization__prefecture=occasion.prefecture_id
    )
    rows = Membership.objects.current().filter(of_bodies | consultants | entered).select_related("user")
    supporters = Supporter.objects.filter(prefecture=occasion.prefecture_id)
    team = [(f"s:{supporter.pk}", supporter.name) for supporter in supporters]
    # Somebody of the register comes from there, unless the account is entered already.
    behind = {supporter.user_id for supporter in supporters} - {guest.user for guest in guests}
    members = {
        f"u:{row.user_id}": f"{row.user.name}（{row.organization.name}）" for row in rows if row.user_id not in behind
    }
    groups_ = (("支援者", team), ("利用者", sorted(members.items(), key=lambda pair: pair[1])))
    return [("", "選択しない"), *((label, choices) for label, choices in groups_ if choices)]


def capacity_choices(occasion: Occasion, guests: Sequence[Guest]) -> Choices:
    kept = {guest.capacity for guest in guests}
    rows = Capacity.objects.of_prefecture(occasion.prefecture_id)
    names = {row.code: row.name for row in rows if row.is_active or row.code in kept}
    return [("", "選択しない"), *names.items()]


def choices_for(occasion: Occasion, guests: Sequence[Guest]) -> dict[str, Choices]:
    return {
        "bodies": body_choices(occasion),
        "people": person_choices(occasion, guests),
        "capacities": capacity_choices(occasion, guests),
    }


class GuestRowForm(RowForm):
    row = forms.CharField(required=False, widget=forms.HiddenInput)
    body = forms.ChoiceField(label="団体", required=False)
    person = forms.ChoiceField(label="支援者・利用者", required=False)
    capacity = forms.ChoiceField(label="役割", required=False)
    name = JpCharField(label="氏名", limit=100, required=False, help_text="任意")
    section = JpCharField(label="課", limit=100, required=False)
    how = forms.ChoiceField(
        label="参加方法", required=False, choices=AttendanceHow.choices, initial=AttendanceHow.VENUE
    )
    persons = JpIntegerField(
        label="人数", unit="人", required=False, min_value=1, max_value=MOST_PERSONS, help_text="氏名のある行は1人"
    )

    def __init__(self, *args: Any, bodies: Choices, people: Choices, capacities: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, choices in (("body", bodies), ("person", people), ("capacity", capacities)):
            field: Any = self.fields[name]
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("persons") and cleaned["persons"] > 1 and (cleaned.get("name") or cleaned.get("person")):
            self.add_error("persons", "氏名のある行は1人です。人数で数える行は分けてください。")
        empty = not any(cleaned.get(name) for name in ("body", "person", "name", "section", "persons"))
        if self.has_changed() and empty and not self.errors:
            self.add_error("section", "団体・人・課・人数のどれかを入力してください。")
        return cleaned

    def value(self) -> Guest:
        cleaned = self.cleaned_data
        row = cleaned["row"]
        kind, _, key = cleaned["person"].partition(":")
        return Guest(
            body=int(cleaned["body"]) if cleaned["body"] else None,
            supporter=int(key) if kind == "s" else None,
            user=int(key) if kind == "u" else None,
            capacity=cleaned["capacity"],
            name=cleaned["name"],
            section=cleaned["section"],
            how=cleaned["how"] or AttendanceHow.VENUE,
            persons=cleaned["persons"] or 1,
            pk=number_sent(row) or None,
        )


class GuestRowFormSet(RowFormSet):
    title = "出席"


GuestRows: Any = forms.formset_factory(
    GuestRowForm, formset=GuestRowFormSet, extra=1, max_num=MOST_GUESTS, absolute_max=MOST_GUESTS + 1
)


def bound(data: Any, **choices: Any) -> GuestRowFormSet:
    return GuestRows(data, prefix=GUESTS, error_class=PortalErrorList, form_kwargs=choices)


def unbound(guests: Sequence[Guest], **choices: Any) -> RowFormSet:
    return GuestRows.holding([line_of(guest) for guest in guests], GUESTS, blank=BLANK_ROWS, form_kwargs=choices)


def typed(data: Any, **choices: Any) -> RowFormSet:
    return GuestRows.typed(data, GUESTS, blank=BLANK_ROWS, form_kwargs=choices)


def line_of(guest: Guest) -> dict[str, Any]:
    person = f"s:{guest.supporter}" if guest.supporter else f"u:{guest.user}" if guest.user else ""
    keys = {"body": str(guest.body or ""), "person": person, "row": str(guest.pk or "")}
    return keys | {name: getattr(guest, name) for name in ("name", "capacity", "section", "how", "persons")}
