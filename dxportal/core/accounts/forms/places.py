"""Fields that several forms of the accounts share: an organisation with its role, a period."""

from typing import Any

from django import forms
from django.utils import timezone

from dxportal.core.accounts.domain.year_end import year_end
from dxportal.core.accounts.enums import ROLES_BY_KIND, Role
from dxportal.core.accounts.models import User
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.forms.choices import PlaceChoiceField
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import JpDateField
from dxportal.core.ui.forms import PortalForm, choose_from

DATE_HELP = "西暦でも和暦でも入力できます。例：2026年4月1日、令和8年4月1日、R8.4.1"
LAST_DAY_HELP = f"この日まで使えます。空欄にすると期限なしになります。{DATE_HELP}"


class OrganizationField(PlaceChoiceField):
    """The organisations of the admin's prefecture by code; the form says which (``queryset``)."""

    def label_from_instance(self, organization: Organization) -> str:
        label = super().label_from_instance(organization)
        return f"{organization.code} {label}" if organization.code else label


class PeriodForm(PortalForm):
    first_day = JpDateField(label="開始日", help_text=f"この日から使えます。{DATE_HELP}", initial=timezone.localdate)
    last_day = JpDateField(label="最終日", help_text=LAST_DAY_HELP, initial=year_end, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first = values.get("first_day")
        last = values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "最終日は開始日より後の日付にしてください。")
        return values


class PlaceForm(PortalForm):
    organization = OrganizationField(label="組織", empty_label="選択してください")
    role = forms.ChoiceField(label="役割", choices=[("", "選択してください"), *Role.choices])

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", Organization.objects.editable_by(user).living(timezone.localdate()))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        organization = values.get("organization")
        role = values.get("role")
        if organization and role:
            fitting = ROLES_BY_KIND[OrganizationKind(organization.kind)]
            if role not in fitting:
                labels = "、".join(role.label for role in fitting)
                self.add_error("role", f"{organization.name}の役割は、{labels}から選んでください。")
        return values
