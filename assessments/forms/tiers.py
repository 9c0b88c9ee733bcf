"""Input of the tier pages: thresholds to try, an adjustment, a move, a file of scores, the schemes of a survey."""

from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.domain.tiers.comparison import problems, with_minimums
from assessments.domain.tiers.listing import SORTS
from assessments.domain.tiers.rules import TierRules
from assessments.domain.tiers.scheme_choice import tier_schemes_for
from assessments.enums import Tier
from assessments.models import PriorityScheme, TierScheme
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.ui.fields import BOOK_ENDINGS, JpCharField, JpDateField, JpDecimalField, JpFileField
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.japanese import fiscal_label
from dxportal.core.ui.pages import AddressFlag, AddressForm, AddressNumber

AS_COMPUTED = ""
NAMES = [
    ("hidden", "市町村名を秘匿する（市町村には自団体の分類と、分類ごとの団体数だけを見せる）"),
    ("shown", "市町村名も公表する（市町村に、県内すべての団体の分類を見せる）"),
]


class TierFilter(AddressForm):
    """Of the list of tiers; "none": without a tier."""

    bureau = AddressNumber()
    tier = forms.ChoiceField(choices=[("", "すべて"), *((str(tier), tier.label) for tier in Tier), ("none", "未算定")])
    adjusted = AddressFlag()
    sorts = SORTS


class PriorityFilter(AddressForm):
    sorts = SORTS
    default_sort = "-priority"


class MovementFilter(AddressForm):
    """The earlier survey to compare with."""

    before = AddressNumber()


class ThresholdForm(PortalForm):
    """The lower limits of the three upper tiers, prefilled with the scheme in use; the lowest always begins at 0."""

    def __init__(self, *args: Any, scheme: TierRules, maximum: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        self.maximum = maximum
        for band in scheme.bands:
            if band.tier > 1:
                self.fields[f"tier_{band.tier}"] = JpDecimalField(
                    label=f"「{band.name}」の下限",
                    min_value=0,
                    max_value=maximum,
                    decimal_places=1,
                    unit="点",
                    initial=float(band.minimum),
                    help_text=f"今の基準は{float(band.minimum):g}点以上です。",
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            for message in problems(self.tried(), self.maximum):
                self.add_error(None, ValidationError(message))
        return cleaned

    def minimums(self) -> dict[int, Fraction]:
        """Exact limits by tier."""
        return {int(name[5:]): Fraction(value) for name, value in self.cleaned_data.items()}

    def tried(self) -> TierRules:
        return with_minimums(self.scheme, self.minimums())


class AdjustForm(PortalForm):
    tier = forms.ChoiceField(label="分類", required=False, widget=forms.RadioSelect)
    reason = JpCharField(
        label="調整の理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        limit=1000,
        help_text="ヒアリングで分かったことを書いてください。算定どおりに戻すときは不要です。県の記録に残り、市町村には見えません。",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, names: dict[int, str], computed: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(str(tier), names.get(tier, Tier(tier).label)) for tier in sorted(Tier.values, reverse=True)]
        back = (AS_COMPUTED, f"調整しない（算定どおり「{names.get(computed, '')}」）")
        self.fields["tier"].choices = [*choices, back]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("tier") and "reason" in cleaned and not cleaned["reason"].strip():
            self.add_error("reason", "調整の理由を入力してください。")
        return cleaned

    def chosen(self) -> int | None:
        """The tier chosen by hand; None gives the computed one back."""
        tier = self.cleaned_data["tier"]
        return int(tier) if tier else None


class StepForm(PortalForm):
    """``from_step`` is where the person saw the classification."""

    from_step = forms.CharField(widget=forms.HiddenInput)
    comment = JpCharField(
        label="コメント", required=False, widget=forms.Textarea(attrs={"rows": 3}), limit=1000,
        help_text="段階の履歴に残ります。市町村には見えません。",
    )  # fmt: skip


class WithdrawForm(StepForm):
    comment = JpCharField(
        label="取下げの理由", widget=forms.Textarea(attrs={"rows": 3}), limit=1000,
        help_text="段階の履歴に残ります。市町村には見えません。",
    )  # fmt: skip


class PublishForm(StepForm):
    decided_on = JpDateField(label="分類の基準日", required=False)
    names = forms.ChoiceField(label="公表の範囲", choices=NAMES, widget=forms.RadioSelect, initial="hidden")


class ScoreFileForm(PortalForm):
    file = JpFileField(
        label="得点のファイル",
        help_text="Excelブック（.xlsx）またはCSV。10MBまで、1件。1行目に 団体コード・団体名・STEP0・STEP1・STEP2・STEP3 の見出しが必要です。",
        accept=BOOK_ENDINGS,
    )


class SchemeForm(PortalForm):
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
        self.fields["fiscal_year"].choices = [(value, fiscal_label(value)) for value in range(year + 1, year - 10, -1)]
        self.fields["fiscal_year"].initial = year
