"""The sheet of the register: what stands in which column. Export and import share it, so that a file comes back."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from consultations.domain.products.lines import ProductLine
from consultations.enums import ProductSharing
from dxportal.core.intake.export import Sheet
from dxportal.core.intake.values import plain_value

TITLE = "製品・契約"
NUMBER = "番号"
TOWN = "団体"
YES = "はい"
NO = "いいえ"
# Heading → field of the form.
COLUMNS = {
    "業務": "task",
    "製品・サービス": "product",
    "事業者": "vendor",
    "契約の終わる日": "contract_end",
    "年額（円）": "yearly_cost",
    "マニュアルを渡せる": "manual_shareable",
    "質問に応じる": "may_be_asked",
    "ほかの市町村に見せる範囲": "sharing",
    "年額も見せる": "cost_shared",
    "備考": "note",
}
FLAGS = ("manual_shareable", "may_be_asked", "cost_shared")
HEADER = (NUMBER, TOWN, *COLUMNS)
SPELLINGS = {heading: (heading,) for heading in HEADER}
NOTES = (
    ("使い方", "行を直すか足して、「ファイルから取り込む」で取り込みます。取り込む前に、変わる内容を確かめる画面が出ます。"),
    (NUMBER, "直す行はそのまま残します。新しい行は空欄にします。"),
    (TOWN, "新しい行で空欄のときは、自分の団体の行になります。団体の分かっている行の団体は変えられません。"),
    ("マニュアルを渡せる、質問に応じる、年額も見せる", f"{YES} または {NO}（空欄は{NO}）"),
    ("ほかの市町村に見せる範囲", f"{'、'.join(ProductSharing.labels)}（空欄は「{ProductSharing.NONE.label}」）"),
    ("ほかの団体の行", "参考です。書き出したままなら、取り込んでも何も変わりません。"),
)  # fmt: skip


def word(flag: bool) -> str:
    return YES if flag else NO


def cells(line: ProductLine) -> tuple[Any, ...]:
    """A row of the file; what the person may not read is empty."""
    return (
        line.pk,
        line.town,
        line.task,
        line.product,
        line.vendor,
        line.contract_end,
        line.cost,
        word(line.manual_shareable),
        word(line.may_be_asked),
        line.sharing_label,
        word(line.cost_shared) if line.own else "",
        line.note,
    )


def sheet(lines: Iterable[ProductLine]) -> Sheet:
    return Sheet(TITLE, HEADER, [cells(line) for line in lines], NOTES)


def as_text(value: Any) -> str:
    """A cell for comparing: dates in ISO, whole numbers without 「.0」."""
    value = plain_value(value)
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)
