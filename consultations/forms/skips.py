"""Months in which a town wants no session."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from consultations.domain.skips.reading import months_of
from consultations.enums import SkipReason
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm, choose_from


class SkipForm(PortalForm):
    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none())
    months = forms.MultipleChoiceField(label="月", widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(label="理由", choices=SkipReason.choices, widget=forms.RadioSelect)
    note = JpCharField(label="備考", limit=200, required=False)

    def __init__(self, *args: Any, towns: QuerySet[Organization], years: tuple[int, ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        months = [month for year in years for month in months_of(year)]
        self.fields["months"].choices = [(f"{month:%Y-%m}", f"{month.year}年{month.month}月") for month in months]

    def clean_months(self) -> list[dt.date]:
        return [dt.date.fromisoformat(f"{value}-01") for value in self.cleaned_data["months"]]
