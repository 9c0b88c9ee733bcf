"""Inviting and changing members; filters of the list."""

from django import forms
from django.utils import timezone

from dxportal.core.accounts.domain.memberships import year_end
from dxportal.core.accounts.enums import ROLES_BY_KIND, Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.kana import even_width, to_katakana
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import JpDateField, JpEmailField
from dxportal.core.ui.forms import PortalForm

DATE_HELP = "西暦でも和暦でも入力できます。例：2026年4月1日、令和8年4月1日、R8.4.1"
LAST_DAY_HELP = f"この日まで使えます。空欄にすると期限なしになります。{DATE_HELP}"


class OrganizationField(forms.ModelChoiceField):
    """The organisations of the admin's prefecture by code."""

    def label_from_instance(self, organization: Organization) -> str:
        return f"{organization.code} {organization.name}" if organization.code else organization.name


class PeriodMixin(forms.Form):
    first_day = JpDateField(label="開始日", help_text=f"この日から使えます。{DATE_HELP}", initial=timezone.localdate)
    last_day = JpDateField(label="最終日", help_text=LAST_DAY_HELP, initial=year_end, required=False)

    def clean(self):
        values = super().clean()
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "最終日は開始日より後の日付にしてください。")
        return values


class PlaceMixin(forms.Form):
    organization = OrganizationField(label="組織", queryset=Organization.objects.none(), empty_label="選択してください")
    role = forms.ChoiceField(label="役割", choices=[("", "選択してください"), *Role.choices])

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.editable_by(by)

    def clean(self):
        values = super().clean()
        organization, role = values.get("organization"), values.get("role")
        if organization and role and role not in ROLES_BY_KIND[organization.kind]:
            fitting = "、".join(one.label for one in ROLES_BY_KIND[organization.kind])
            self.add_error("role", f"{organization.name}の役割は、{fitting}から選んでください。")
        return values


class InviteForm(PlaceMixin, PeriodMixin, PortalForm):
    email = JpEmailField(
        label="メールアドレス", help_text="招待のリンクを送ります。本人だけが読めるアドレスにしてください。"
    )
    name = forms.CharField(label="氏名", max_length=100)
    field_order = ("email", "name", "organization", "role", "first_day", "last_day")


class AddForm(PlaceMixin, PeriodMixin, PortalForm):
    """A further membership of a known person."""


class ChangeForm(PortalForm):
    role = forms.ChoiceField(label="役割")
    section = forms.CharField(label="所属課", max_length=100, required=False)
    last_day = JpDateField(label="最終日", help_text=LAST_DAY_HELP, required=False)

    def __init__(self, *args, membership: Membership, **kwargs):
        kwargs["initial"] = {
            "role": membership.role,
            "section": membership.section,
            "last_day": membership.last_day,
        }
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(one.value, one.label) for one in ROLES_BY_KIND[membership.organization.kind]]


class EndForm(PortalForm):
    last_day = JpDateField(
        label="最終日",
        help_text=f"この日まで使えます。すぐに使えなくするときは、昨日の日付にしてください。{DATE_HELP}",
        initial=timezone.localdate,
    )


class ExtendForm(PortalForm):
    last_day = JpDateField(label="新しい最終日", help_text=LAST_DAY_HELP, required=False)


class MemberFilter(forms.Form):
    """The filter of the list, by GET; what cannot be read is ignored."""

    STATES = (("current", "利用中"), ("coming", "開始前"), ("ended", "終了"), ("all", "すべて"))

    q = forms.CharField(label="氏名・カナ・メール", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    organization = OrganizationField(
        label="組織", queryset=Organization.objects.none(), required=False, empty_label="すべて"
    )
    role = forms.ChoiceField(label="役割", choices=[("", "すべて"), *Role.choices], required=False)
    state = forms.ChoiceField(label="状態", choices=STATES, required=False)

    INVITED = ("invited", "招待中")  # for those who may see the invitations

    def __init__(self, *args, organizations, with_invited: bool, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["organization"].queryset = organizations
        if with_invited:
            self.fields["state"].choices = [*self.STATES, self.INVITED]

    @property
    def values(self) -> dict:
        self.is_valid()
        return self.cleaned_data


class YearEndForm(PortalForm):
    """Which of the memberships up for review, and what becomes of them."""

    EXTEND, END = "extend", "end"
    memberships = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(), error_messages={"required": "一人以上を選択してください。"}
    )
    action = forms.ChoiceField(choices=[(EXTEND, "延長"), (END, "終了")])

    def __init__(self, *args, memberships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["memberships"].queryset = memberships

    @property
    def extending(self) -> bool:
        return self.cleaned_data["action"] == self.EXTEND

    @property
    def chosen(self):
        """Those whom the act concerns: one without an end needs no extension."""
        found = self.cleaned_data["memberships"]
        return found.exclude(last_day=None) if self.extending else found

    def clean(self):
        values = super().clean()
        if not self.errors and not self.chosen.exists():
            self.add_error("memberships", "選んだ人には期限がないため、延長は要りません。")
        return values


def search_terms(text: str) -> tuple[str, str]:
    """A name as typed, and the same as kana, for a search that meets both."""
    return text.strip(), to_katakana(even_width(text.strip()))
