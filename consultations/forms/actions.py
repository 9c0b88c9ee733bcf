"""Forms of actions: what is to be done, what came of it, and the filter of the list."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from consultations.domain.actions.write import ActionContent, bearers_for, content_of
from consultations.enums import ActionBearer, ActionState
from consultations.models import Action
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.forms.choices import PlaceChoiceField
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.ui.fields import JpCharField, JpDateField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressFlag, AddressForm, AddressNumber, AddressText

LONGEST = 2000


class ActionForm(PortalForm):
    """An action. ``towns``: those to choose from; None where the action has its town already."""

    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none())
    title = JpCharField(label="内容", limit=200, help_text="だれが読んでも分かる一文で。例：RPAの先行団体を紹介する")
    bearer = forms.ChoiceField(label="対応する側", choices=ActionBearer.choices, widget=forms.RadioSelect)
    section = JpCharField(label="担当課", limit=100, required=False)
    due_day = JpDateField(label="期限")
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), required=False)
    detail = JpCharField(label="詳しい内容", limit=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, towns: QuerySet[Organization] | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if towns is None:
            del self.fields["organization"]
        else:
            choose_from(self, "organization", towns)
        bearers = bearers_for(user)
        self.fields["bearer"].choices = [(bearer.value, bearer.label) for bearer in bearers]
        if len(bearers) == 1:
            self.fields["bearer"].initial = bearers[0]

    def content(self) -> ActionContent:
        return ActionContent(**{name: self.cleaned_data[name] for name in ActionContent.__slots__})


def initial_of(action: Action) -> dict[str, Any]:
    content = content_of(action)
    return {name: getattr(content, name) for name in ActionContent.__slots__} | {"revision": action.revision}


class ActionResultForm(PortalForm):
    result = JpCharField(label="結果", limit=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ActionDropForm(PortalForm):
    result = JpCharField(label="取りやめる理由", limit=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class ActionReopenForm(PortalForm):
    result = JpCharField(label="戻す理由", limit=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class DigestForm(PortalForm):
    muted = forms.BooleanField(label="お知らせメールを受け取らない", required=False)


class ActionAddress(AddressForm):
    """``state``: open, closed (done or dropped), or one of the states; ``year``: the fiscal year of the due day."""

    q = AddressText(label="内容")
    organization = PlaceChoiceField(label="団体", empty_label="すべて")
    bearer = forms.ChoiceField(label="対応する側", choices=[("", "すべて"), *ActionBearer.choices])
    state = forms.ChoiceField(
        label="状態", choices=[("", "すべて"), *ActionState.choices, ("closed", "完了・取りやめ")]
    )
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), empty_label="すべて")
    year = AddressNumber(label="期限の年度", widget=forms.Select)
    overdue = AddressFlag(label="期限超過だけ")

    def __init__(self, *args: Any, towns: QuerySet[Organization], today: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        this = fiscal_year_of(today)
        years = [(str(year), f"{year}年度") for year in range(this + 1, this - 5, -1)]
        self.fields["year"].widget.choices = [("", "すべて"), *years]
