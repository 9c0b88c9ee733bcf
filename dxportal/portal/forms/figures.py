"""What the addresses of the pages of figures ask for, besides the filter of the dashboard."""

from django import forms

from dxportal.core.intake.export import FILE_FORMATS
from dxportal.core.ui.pages import AddressForm, AddressText


class SurveyAddress(AddressForm):
    """``survey``: as typed, since one that is not among those on offer is 404."""

    survey = AddressText(label="調査", limit=20)


class FiguresAddress(SurveyAddress):
    """``sheet`` and ``section``: by their code."""

    names = forms.ChoiceField(label="市町村名", choices=[("hidden", "伏せる")])
    section = AddressText(label="区分", limit=60)
    sheet = AddressText(label="シート", limit=20)
    format = forms.ChoiceField(label="形式", choices=[(code, code) for code in FILE_FORMATS])


class FreshnessAddress(AddressForm):
    """Which figures a page shows (kind, key), as of when (digest), and where the page is."""

    kind = AddressText(label="種類", limit=40)
    key = AddressText(label="番号", limit=60)
    digest = AddressText(label="版", limit=64)
    page = AddressText(label="画面", limit=2000)
