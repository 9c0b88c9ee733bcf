"""Forms of the yearly survey about the support, and of the report's results."""

from typing import Any

from django import forms

from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.ui.fields import JpCharField, JpDateField
from dxportal.core.ui.forms import PortalForm
from dxportal.portal.domain.report.content import SUBJECTS, ResultText

HELP = {
    "overall": "この一年の支援で、役に立ったこと、変わったこと。",
    "monthly": "毎月の相談について。",
    "exchange": "チャットツールでのやり取りについて。",
    "wishes": "改めてほしいこと、来年度への希望。",
}


def area(label: str, rows: int, help_text: str = "") -> JpCharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return JpCharField(label=label, limit=2000, required=False, widget=widget, help_text=help_text)


class VoiceForm(PortalForm):
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for subject, label in SUBJECTS.items():
            self.fields[subject] = area(label, 4, HELP[subject])

    def texts(self) -> dict[str, str]:
        return {subject: self.cleaned_data[subject] for subject in SUBJECTS}


class VoiceAskForm(PortalForm):
    year = forms.TypedChoiceField(label="年度", coerce=int)
    closes_on = JpDateField(label="締切日")

    def __init__(self, *args: Any, today: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        year = fiscal_year_of(today)
        self.fields["year"].choices = [(str(each), f"{each}年度") for each in (year, year - 1)]


class ResultForm(PortalForm):
    title = JpCharField(label="成果の名前", limit=100)
    output = area("アウトプット", 3, "この年度に作ったもの、行ったこと。")
    outcome = area("アウトカム", 3, "それによって団体や県で変わったこと。")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def text(self) -> ResultText:
        return ResultText(self.cleaned_data["title"], self.cleaned_data["output"], self.cleaned_data["outcome"])
