"""The repeated rows of the form: organisations, figures, costs, addresses. An empty row is no row."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from casestudies.domain.content import LABELS, FigurePart, LinkPart, OrganizationPart, Part, plain
from casestudies.enums import PlaceKind
from casestudies.forms.contribution.fields import WebAddressField
from dxportal.core.names import name_key
from dxportal.core.organizations.domain.matching import PREFECTURES, name_writings
from dxportal.core.ui.fields import JpCharField, JpDateField, JpDecimalField, JpIntegerField
from dxportal.core.ui.forms import PortalErrorList, RowForm, RowFormSet

LARGEST_FIGURE = 10**13
LARGEST_PEOPLE = 200_000_000
KIND_BY_END = {
    "都": PlaceKind.PREFECTURE, "道": PlaceKind.PREFECTURE, "府": PlaceKind.PREFECTURE, "県": PlaceKind.PREFECTURE,
    "市": PlaceKind.CITY, "町": PlaceKind.TOWN, "村": PlaceKind.VILLAGE, "区": PlaceKind.WARD,
}  # fmt: skip

WITH_TOWN = re.compile(r".+[都道府県].+[市町村区]")  # not 和歌山県立大学
OFFICIAL = {key: name for name in PREFECTURES for key in name_writings(name)}  # 「和歌山」 is 「和歌山県」


class OrganizationRowForm(RowForm):
    name = JpCharField(label="団体名", limit=100, help_text="市町村は都道府県名を付けずに入力します。例：あさひ町")
    kana = JpCharField(label="かな", limit=100, required=False)
    prefecture = JpCharField(label="都道府県", limit=10, required=False)
    kind = forms.ChoiceField(label="区分", required=False, choices=[("", "名称から判断"), *PlaceKind.choices])
    population = JpIntegerField(label="人口", unit="人", required=False, min_value=0, max_value=LARGEST_PEOPLE)
    population_date = JpDateField(label="人口の時点", required=False, help_text="")
    staff = JpIntegerField(label="職員数", unit="人", required=False, min_value=0, max_value=LARGEST_PEOPLE)
    url = WebAddressField(label="アドレス", required=False)
    note = JpCharField(label="備考", limit=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name = cleaned.get("name", "")
        prefecture = OFFICIAL.get(name_key(cleaned.get("prefecture", "")), cleaned.get("prefecture", ""))
        if WITH_TOWN.fullmatch(name):  # 「和歌山県海南市」 says both
            prefecture = prefecture or next((known for known in PREFECTURES if name.startswith(known)), "")
        cleaned["prefecture"] = prefecture
        cleaned["kind"] = cleaned.get("kind") or KIND_BY_END.get(name[-1:], PlaceKind.OTHER)
        if prefecture and prefecture[-1] not in "都道府県":
            self.add_error("prefecture", "「県」などを付けて入力してください（例：みほん県）。")
        if cleaned["kind"] == PlaceKind.PREFECTURE and name:
            cleaned["prefecture"] = name
        elif prefecture and name.startswith(prefecture) and WITH_TOWN.fullmatch(name):
            cleaned["name"] = name.removeprefix(prefecture).strip()
        return cleaned

    def value(self) -> OrganizationPart:
        return OrganizationPart(**{name: self.cleaned_data[name] for name in OrganizationPart.__slots__})


class FigureRowForm(RowForm):
    value_ = JpDecimalField(
        label="値",
        decimal_places=4,
        min_value=-LARGEST_FIGURE,
        max_value=LARGEST_FIGURE,
        help_text="数字だけ。例：38.5",
    )
    unit = JpCharField(label="単位", limit=20, required=False, help_text="例：件、%、時間")
    meaning = JpCharField(label="意味", limit=200, help_text="例：1年間のオンライン申請")

    def value(self) -> FigurePart:
        return FigurePart(self.cleaned_data["value_"], self.cleaned_data["meaning"], self.cleaned_data["unit"])


class CostRowForm(RowForm):
    value_ = JpIntegerField(
        label="金額", unit="円", min_value=0, max_value=LARGEST_FIGURE, help_text="円の単位まで数字で。例：1200000"
    )
    meaning = JpCharField(label="内容", limit=200, help_text="例：令和6年度の導入費")

    def value(self) -> FigurePart:
        return FigurePart(self.cleaned_data["value_"], self.cleaned_data["meaning"], "円")


class LinkRowForm(RowForm):
    label = JpCharField(label="表示名", limit=200)
    url = WebAddressField(label="アドレス", help_text="https://から")

    def value(self) -> LinkPart:
        return LinkPart(self.cleaned_data["label"], self.cleaned_data["url"])


def _rows(form: type[RowForm], name: str, most: int) -> type[RowFormSet]:
    formset = forms.formset_factory(form, formset=RowFormSet, extra=1, max_num=most, absolute_max=most + 1)
    formset.title = LABELS[name]
    return formset


ROWS: dict[str, type[RowFormSet]] = {
    "organizations": _rows(OrganizationRowForm, "organizations", 30),
    "similar": _rows(OrganizationRowForm, "similar", 30),
    "figures": _rows(FigureRowForm, "figures", 40),
    "costs": _rows(CostRowForm, "costs", 20),
    "links": _rows(LinkRowForm, "links", 20),
}


def bound(name: str, data: Any) -> RowFormSet:
    return ROWS[name](data, prefix=name, error_class=PortalErrorList)


def unbound(name: str, initial: Sequence[dict[str, Any]]) -> RowFormSet:
    return ROWS[name].holding(initial, name)


def initial_of(part: Part) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in part.__slots__}
    return values | {"value_": plain(part.value)} if isinstance(part, FigurePart) else values
