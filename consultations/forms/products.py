"""Forms of the register of products: a row, the filter of the list, the file."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from consultations.domain.products.write import ProductFacts, facts_of
from consultations.enums import ContractEnd, ProductSharing
from consultations.models import ProductContract
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import BOOK_ENDINGS, JpCharField, JpDateField, JpFileField, JpIntegerField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressFlag, AddressForm, AddressNumber, AddressText

DEAREST = 10**12  # yen


class ProductForm(PortalForm):
    """A row of the register. ``towns``: those to choose from; None where the row has its town already."""

    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none())
    task = JpCharField(label="業務", limit=100, help_text="例：文書管理、電子申請、議事録の作成")
    product = JpCharField(label="製品・サービス", limit=100)
    vendor = JpCharField(label="事業者", limit=100, required=False)
    contract_end = JpDateField(label="契約の終わる日", required=False)
    yearly_cost = JpIntegerField(
        label="年額", unit="円", min_value=0, max_value=DEAREST, required=False, help_text="税込み。分からなければ空欄"
    )
    manual_shareable = forms.BooleanField(label="マニュアルを渡せる", required=False)
    may_be_asked = forms.BooleanField(label="ほかの市町村からの質問に応じる", required=False)
    sharing = forms.ChoiceField(
        label="ほかの市町村に見せる範囲", choices=ProductSharing.choices, widget=forms.RadioSelect
    )
    cost_shared = forms.BooleanField(label="年額も見せる", required=False)
    note = JpCharField(
        label="備考",
        limit=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="ほかの市町村には見せません。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, towns: QuerySet[Organization] | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if towns is None:
            del self.fields["organization"]
        else:
            choose_from(self, "organization", towns)

    def facts(self) -> ProductFacts:
        return ProductFacts(**{name: self.cleaned_data[name] for name in ProductFacts.__slots__})


def initial_of(contract: ProductContract) -> dict[str, Any]:
    facts = facts_of(contract)
    return {name: getattr(facts, name) for name in ProductFacts.__slots__} | {"revision": contract.revision}


class ProductAddress(AddressForm):
    """``year``: the fiscal year in which the contract ends."""

    q = AddressText(label="業務・製品・事業者・団体")
    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none(), empty_label="すべて")
    ends = forms.ChoiceField(label="契約の終わり", choices=[("", "すべて"), *ContractEnd.choices])
    year = AddressNumber(label="終わる年度", widget=forms.Select)
    answering = AddressFlag(label="質問に応じる団体だけ")
    manual = AddressFlag(label="マニュアルを渡せるものだけ")

    def __init__(self, *args: Any, towns: QuerySet[Organization], today: dt.date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        this = fiscal_year_of(today)
        years = [(str(year), f"{year}年度") for year in range(this - 3, this + 7)]
        self.fields["year"].widget.choices = [("", "すべて"), *years]


class ProductFileForm(PortalForm):
    file = JpFileField(
        label="製品・契約の一覧のファイル",
        help_text="Excelブック（.xlsx）またはCSV（.csv）、10MB以内、1,000行まで",
        accept=BOOK_ENDINGS,
    )
