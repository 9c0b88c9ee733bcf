"""Forms of contact persons, and the filter of their list."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from dxportal.core.organizations.forms.choices import PlaceChoiceField
from dxportal.core.organizations.models import Organization
from dxportal.core.people.forms.supporters import LAST_DAY_HELP
from dxportal.core.ui.fields import JpCharField, JpDateField, JpEmailField, JpPhoneField, KatakanaField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressForm, AddressText


class ContactForm(PortalForm):
    """``towns``: those to choose from; None where the entry has its town already."""

    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none())
    section = JpCharField(label="課", limit=100, required=False)
    name = JpCharField(label="氏名", limit=100)
    kana = KatakanaField(label="氏名（カナ）", limit=100, required=False)
    role = JpCharField(label="役割・担当", limit=100, required=False, help_text="例：DX担当、窓口業務の改善の担当")
    email = JpEmailField(label="メールアドレス", required=False)
    telephone = JpPhoneField(label="電話番号", limit=40, required=False)
    first_day = JpDateField(label="開始日")
    last_day = JpDateField(label="終了日", required=False, help_text=LAST_DAY_HELP)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, towns: QuerySet[Organization] | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if towns is None:
            del self.fields["organization"]
        else:
            choose_from(self, "organization", towns)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("organization", "revision")}


class ContactAddress(AddressForm):
    """``day``: as of which day."""

    q = AddressText(label="氏名・課・役割", widget=forms.TextInput(attrs={"type": "search"}))
    organization = PlaceChoiceField(label="団体", empty_label="すべて")
    day = JpDateField(label="基準日", help_text="空欄は今日")
    tell = ("day",)

    def __init__(self, *args: Any, towns: QuerySet[Organization], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
