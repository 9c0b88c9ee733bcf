"""差戻し: why, what, and until when."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.forms.moments import JpTimeField, moment
from assessments.forms.surveys.surveys import DomainErrors
from dxportal.core.ui.fields import JpCharField, JpDateField
from dxportal.core.ui.forms import PortalForm

WHOLE, NAMED = "whole", "named"


class ReturnForm(DomainErrors, PortalForm):
    """One group of check boxes a section; only the ticked questions reopen when 「選んだ設問だけ」 is chosen."""

    comment = JpCharField(
        label="差戻しの理由",
        widget=forms.Textarea(attrs={"rows": 4}),
        limit=2000,
        help_text="市町村の担当者・承認者に見えます。何を直してほしいかを具体的に書いてください。",
    )
    scope = forms.ChoiceField(
        label="差戻しの範囲",
        choices=[(WHOLE, "全体（すべての設問を修正できる）"), (NAMED, "選んだ設問だけ（ほかの設問は修正できない）")],
        widget=forms.RadioSelect,
    )
    until_day = JpDateField(
        label="再提出の締切（日付）",
        required=False,
        help_text="空欄のとき、締切前ならもとの締切まで、締切後なら今日から7日後までです。例：令和8年4月1日",
    )
    until_time = JpTimeField(label="再提出の締切（時刻）", required=False)

    def __init__(self, *args: Any, spec: QuestionnaireSpec, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sections = [f"section-{section.code}" for section in spec.sections]
        for section in spec.sections:
            choices = [(one.code, f"{one.code} {one.short}") for one in spec.in_section(section.code)]
            self.fields[f"section-{section.code}"] = forms.MultipleChoiceField(
                label=section.title, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def section_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.sections]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("until_day")) != bool(cleaned.get("until_time")) and not self.errors:
            missing = "until_time" if cleaned.get("until_day") else "until_day"
            self.add_error(missing, "再提出の締切は、日付と時刻の両方を入力してください。")
        if cleaned.get("scope") == NAMED and not self.questions():
            self.add_error("scope", ValidationError("差し戻す設問を、下の一覧から一つ以上選んでください。"))
        if cleaned.get("scope") == WHOLE and self.questions():
            self.add_error("scope", "設問が選ばれています。「選んだ設問だけ」にするか、設問の選択を外してください。")
        return cleaned

    def questions(self) -> list[str]:
        return [code for name in self.sections for code in self.cleaned_data.get(name, ())]

    def until(self) -> dt.datetime | None:
        return moment(self.cleaned_data, "until")
