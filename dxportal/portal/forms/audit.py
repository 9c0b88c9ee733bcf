"""The search form of the audit (GET)."""

from typing import Any

from django import forms

from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.forms.choices import PlaceChoiceField
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import JpCharField, JpDateField
from dxportal.core.ui.pages import AddressForm
from dxportal.portal.domain.audit import TRAILS, Wanted


class AuditSearch(AddressForm):
    tell = ("text", "first_day", "last_day")

    kinds = forms.MultipleChoiceField(
        label="対象の種類",
        required=False,
        choices=[(trail.code, trail.label) for trail in TRAILS],
        widget=forms.CheckboxSelectMultiple,
    )
    person = forms.ModelChoiceField(User.objects.none(), label="変更した人", required=False)
    organization = PlaceChoiceField(label="団体", required=False)
    first_day = JpDateField(label="この日から", required=False, help_text="例：2026年4月1日、R8.4.1")
    last_day = JpDateField(label="この日まで", required=False, help_text="この日を含みます。")
    text = JpCharField(
        label="検索語",
        required=False,
        limit=100,
        help_text="設問、記述、理由、氏名など",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        organizations = Organization.objects.for_user(user)
        # Also those who have left: what they did stays to be found.
        people = Membership.objects.for_user(user).values("user")
        self.fields["organization"].queryset = organizations
        self.fields["person"].queryset = User.objects.filter(pk__in=people)
        for name in ("person", "organization"):
            self.fields[name].empty_label = "すべて"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "「この日から」より後の日を入力してください。")
        return cleaned

    def wanted(self) -> Wanted:
        values = vars(self.values)
        return Wanted(**{name: values[name] for name in self.fields})
