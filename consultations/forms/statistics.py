"""Of which year, as of which day."""

from collections.abc import Sequence
from typing import Any

from django import forms

from dxportal.core.ui.fields import JpDateField
from dxportal.core.ui.pages import AddressForm


class StatisticsAddress(AddressForm):
    """A day that can't be read is told and counts as not given."""

    year = forms.ChoiceField(label="年度")
    day = JpDateField(label="基準日")
    tell = ("day",)
    beside = ("day", "year")

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), f"{year}年度") for year in years]
