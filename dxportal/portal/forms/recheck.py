"""Forms of the recheck of answers."""

from collections.abc import Sequence
from typing import Any

from django import forms

from dxportal.core.ui.fields import JpCharField, JpIntegerField
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.pages import AddressForm, AddressNumber
from dxportal.portal.enums import RecheckFocus


class RecheckForm(PortalForm):
    organization = forms.ChoiceField(label="団体")
    focus = forms.ChoiceField(label="確かめた設問", choices=RecheckFocus.choices, widget=forms.RadioSelect)
    changed = JpIntegerField(
        label="直した設問の数",
        min_value=0,
        max_value=999,
        unit="問",
        help_text="相談が始まってから変わった回答の数を入れてあります。",
    )
    note = JpCharField(label="備考", limit=200, required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, towns: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = towns


class YearAddress(AddressForm):
    year = AddressNumber(label="年度", widget=forms.Select)

    def __init__(self, *args: Any, this_year: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        years = range(this_year + 1, this_year - 6, -1)
        self.fields["year"].widget.choices = [(str(year), f"{year}年度") for year in years]
