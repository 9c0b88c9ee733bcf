"""What the address of the dashboard asks for."""

from typing import Any

from django import forms

from assessments.domain.tiers.rules import TIERS
from dxportal.core.organizations.domain.population import POPULATION_BANDS
from dxportal.core.ui.pages import AddressForm, AddressNumber, AddressText
from dxportal.portal.domain.dashboard.filters import DashboardFilter

# Bookmarks older than today's bands. "b4" and "b5" spanned two bands each: like anything unknown, not asked.
OLD_BANDS = {"b1": "to5k", "b2": "5kto1", "b3": "1to3"}


class BandField(forms.ChoiceField):
    def to_python(self, value: Any) -> str:
        code = super().to_python(value)
        return OLD_BANDS.get(code, code)


class DashboardAddress(AddressForm):
    bureau = AddressNumber(label="振興局")
    band = BandField(label="人口規模", choices=[(band.code, band.label) for band in POPULATION_BANDS])
    tier = forms.TypedChoiceField(
        label="支援分類", choices=[(tier, tier) for tier in TIERS], coerce=int, empty_value=None
    )
    names = forms.ChoiceField(label="市町村名", choices=[("hidden", "伏せる")])
    measure = AddressText(label="地図に示す値", limit=50)
    order = forms.ChoiceField(label="並び順", choices=[("value", "値の順"), ("code", "団体コード順")])

    def wanted(self) -> DashboardFilter:
        values = self.values
        return DashboardFilter(
            bureau=values.bureau,
            band=values.band,
            tier=values.tier,
            hidden=values.names == "hidden",
            measure=values.measure,
            order=values.order or "value",
            sort=self.data.get("sort", "")[:60],  # the columns are the sections of the survey: tiles.heat_rows knows
        )
