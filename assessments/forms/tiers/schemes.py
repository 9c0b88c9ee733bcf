"""Input of the schemes of a survey, and of a survey of imported scores."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.domain.tiers.scheme_change import tier_schemes_for
from assessments.forms.surveys.surveys import DomainErrors
from assessments.models import PriorityScheme, TierScheme
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.japanese import fiscal_label


class SchemeForm(DomainErrors, PortalForm):
    tier_scheme = forms.ModelChoiceField(
        TierScheme.objects.none(),
        label="分類基準",
        required=False,
        help_text="総合点から支援分類を決める基準です。選ばないと、支援分類はありません。",
    )
    priority_scheme = forms.ModelChoiceField(
        PriorityScheme.objects.order_by("code", "-version"),
        label="優先度基準",
        required=False,
        help_text="ステップごとの点から支援優先度を決める基準です。選ばないと、優先度は計算しません。",
    )

    def __init__(self, *args: Any, prefecture, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tier_scheme"].queryset = tier_schemes_for(prefecture).order_by("code", "-version")
        for name in ("tier_scheme", "priority_scheme"):
            self.fields[name].empty_label = "使わない"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not (cleaned["tier_scheme"] or cleaned["priority_scheme"]):
            self.add_error(None, ValidationError("分類基準か優先度基準を、少なくとも一つ選択してください。"))
        return cleaned


class ImportedSurveyForm(SchemeForm):
    title = JpCharField(label="調査名", limit=200)
    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)
    field_order = ("title", "fiscal_year", "priority_scheme", "tier_scheme")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        year = fiscal_year_of(timezone.localdate())
        self.fields["fiscal_year"].choices = [(one, fiscal_label(one)) for one in range(year + 1, year - 10, -1)]
        self.fields["fiscal_year"].initial = year
