"""Changing a membership, adding one, and the filter of the members' list."""

from typing import Any

from django import forms
from django.utils import timezone

from dxportal.core.accounts.enums import ROLES_BY_KIND, Role
from dxportal.core.accounts.forms.places import DATE_HELP, LAST_DAY_HELP, OrganizationField, PeriodForm, PlaceForm
from dxportal.core.accounts.models import Membership
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.ui.fields import JpDateField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressForm, AddressText

STATES = [("current", "利用中"), ("coming", "開始前"), ("ended", "終了"), ("all", "すべて")]
INVITED = "invited"


class MemberAddForm(PlaceForm, PeriodForm):
    """A further membership of a known person."""

    field_order = ("organization", "role", "first_day", "last_day")


class MemberChangeForm(PortalForm):
    role = forms.ChoiceField(label="役割")
    section = forms.CharField(label="所属課", max_length=100, required=False)
    last_day = JpDateField(label="最終日", help_text=LAST_DAY_HELP, required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any):
        kwargs["initial"] = {
            "role": membership.role,
            "section": membership.section,
            "last_day": membership.last_day,
        }
        super().__init__(*args, **kwargs)
        roles = ROLES_BY_KIND[OrganizationKind(membership.organization.kind)]
        field: Any = self.fields["role"]
        field.choices = [(role.value, role.label) for role in roles]


class MemberEndForm(PortalForm):
    last_day = JpDateField(
        label="最終日",
        help_text=f"この日まで使えます。すぐに使えなくするときは、昨日の日付にしてください。{DATE_HELP}",
        initial=timezone.localdate,
    )


class MemberExtendForm(PortalForm):
    last_day = JpDateField(label="新しい最終日", help_text=LAST_DAY_HELP, required=False)


class MemberFilter(AddressForm):
    q = AddressText(label="氏名・カナ・メール", widget=forms.TextInput(attrs={"type": "search"}))
    organization = OrganizationField(label="組織", empty_label="すべて")
    role = forms.ChoiceField(label="役割", choices=[("", "すべて"), *Role.choices])
    state = forms.ChoiceField(label="状態", choices=STATES)

    def __init__(self, *args: Any, organizations: Any, with_invited: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", organizations)
        if with_invited:  # for those who may see the invitations
            state: Any = self.fields["state"]
            state.choices = [*STATES, (INVITED, "招待中")]
