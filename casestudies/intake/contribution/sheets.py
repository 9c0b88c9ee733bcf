"""The sheets of the register: what stands in which column. Export and import share it, so that a file comes back."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from casestudies.domain.content import FIELDS, FieldKind
from casestudies.enums import Audience, CaseState, FigureKind, PlaceKind, PlaceRole
from casestudies.models import Case, CasePlace
from dxportal.core.intake.export import FORMULA_STARTS, Sheet
from dxportal.core.taxonomy.enums import Vocabulary

CASES = "事例"
PLACES = "団体"
FIGURES = "数値・費用"
LINKS = "関連アドレス"
NUMBER = "事例番号"
# Heading → field of the form: all that a case has besides its parts, the terms in a column for each vocabulary.
TERM_COLUMNS = {"アウトカム": "outcomes", "マインドセット": "mindsets"}
CASE_COLUMNS = {
    heading: name
    for field in FIELDS
    if field.kind is not FieldKind.PARTS
    for heading, name in (TERM_COLUMNS.items() if field.name == "terms" else ((field.label, field.name),))
}
INFO_COLUMNS = ("状態", "公開範囲", "登録した団体", "出典", "ページ", "更新日時")
PLACE_COLUMNS = {
    "団体名": "name", "かな": "kana", "都道府県": "prefecture", "区分": "kind", "人口": "population",
    "人口の時点": "population_date", "職員数": "staff", "アドレス": "url", "備考": "note",
}  # fmt: skip
FIGURE_COLUMNS = {"値": "value_", "単位": "unit", "意味": "meaning", "資料の表記": "printed"}
LINK_COLUMNS = {"表示名": "label", "アドレス": "url"}
ROLE, KIND = "役割", "種類"
HEADERS: dict[str, tuple[str, ...]] = {
    CASES: (NUMBER, *CASE_COLUMNS, *INFO_COLUMNS),
    PLACES: (NUMBER, ROLE, *PLACE_COLUMNS),
    FIGURES: (NUMBER, KIND, *FIGURE_COLUMNS),
    LINKS: (NUMBER, *LINK_COLUMNS),
}
# Not of the form, but of many offices' lists: it tells towns of one name apart.
CODE = "団体コード"
OPTIONAL = {
    PLACES: {CODE: (CODE, "市区町村コード", "市町村コード", "自治体コード", "全国地方公共団体コード", "コード")}
}
EDITED: dict[str, tuple[str, ...]] = HEADERS | {CASES: (NUMBER, *CASE_COLUMNS)}
SPELLINGS = {title: {heading: (heading,) for heading in headings} for title, headings in EDITED.items()}
NUMBERS = {CASES: ("ステップ",), PLACES: ("人口", "職員数"), FIGURES: ("値",), LINKS: ()}
LIST = "\n"
Rows = list[tuple[Any, ...]]


def sheets(cases: Sequence[Case]) -> list[Sheet]:
    """The register of cases fetched by ``domain.contribution.write.with_parts``."""
    rows: dict[str, Rows] = {title: [] for title in HEADERS}
    for case in cases:
        for title, lines in rows_of(case).items():
            rows[title] += lines
        home = case.organization or case.prefecture
        rows[CASES][-1] += (
            CaseState(case.state).label,
            Audience(case.audience).label,
            home.name if home else "",
            case.document.title if case.document else "",
            case.page,
            case.updated_at,
        )
    return [Sheet(title, HEADERS[title], lines, NOTES[title]) for title, lines in rows.items()]


def rows_of(case: Case) -> dict[str, Rows]:
    """What the columns that can be edited hold for a case, by sheet."""
    return {
        CASES: [_case(case)],
        PLACES: [_place(case, place) for place in case.places.all()],
        FIGURES: [
            (case.source_id, figure.get_kind_display(), figure.value, figure.unit, figure.meaning, figure.printed)
            for figure in case.figures.all()
        ],
        LINKS: [(case.source_id, link.label, link.url) for link in case.links.all()],
    }


def _case(case: Case) -> tuple[Any, ...]:
    terms = {
        vocabulary: LIST.join(term.name for term in case.terms.all() if term.vocabulary == vocabulary)
        for vocabulary in (Vocabulary.OUTCOME, Vocabulary.MINDSET)
    }
    special = {
        "field": case.field.name if case.field else "",
        "areas": LIST.join(area.name for area in case.areas.all()),
        "outcomes": terms[Vocabulary.OUTCOME],
        "mindsets": terms[Vocabulary.MINDSET],
        "tags": "、".join(case.tags),
        "keywords": "、".join(case.keywords),
    }
    values = (special[name] if name in special else getattr(case, name) for name in CASE_COLUMNS.values())
    return (case.source_id, *values)


def _place(case: Case, place: CasePlace) -> tuple[Any, ...]:
    values = (
        place.name,
        place.kana,
        place.prefecture_name,
        place.get_kind_display(),
        place.population,
        place.population_date,
    )
    return (case.source_id, place.get_role_display(), *values, place.staff, place.url, place.note)


def as_text(value: Any) -> str:
    """A cell for comparing: numbers without needless zeros, dates in ISO, text with one kind of line end."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    text = str(value).replace("\r\n", "\n").replace("_x000D_", "").strip(" \t\r\n\u3000")
    if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS:  # the reader takes it off
        text = text[1:]
    try:
        return f"{Decimal(text).normalize():f}" if len(text) < 30 else text
    except InvalidOperation:
        return text


def _labels(choices: Any) -> str:
    return "、".join(choices.labels)


NOTES: dict[str, list[tuple[str, str]]] = {
    CASES: [
        ("使い方", "行を直すか足して、「事例の取込み」から取り込みます。取り込む前に、変わる内容を確かめる画面が出ます。"),
        (NUMBER, "直すときはそのまま残します。新しい事例は空欄にするか、「新規1」のように書きます（ほかのシートからも同じ番号で指します）。"),
        ("ステップ", "0～3の数字、または空欄"),
        ("分野・アウトカム・マインドセット", "名称を1行に一つずつ（セルの中の改行はAlt+Enter）。使える名称はシート「選択肢」にあります。"),
        ("タグ・検索のことば", "「、」で区切ります。"),
        ("、".join(INFO_COLUMNS), "参考です。取り込んでも変わりません。"),
    ],
    PLACES: [
        ("行", "団体一つに1行。このシートがあるファイルを取り込むと、事例の団体はこのシートのとおりになります。"),
        (ROLE, _labels(PlaceRole)),
        ("区分", f"{_labels(PlaceKind)}（空欄なら名称から判断）"),
        ("人口・職員数", "人"),
    ],
    FIGURES: [
        ("行", "数値または費用一つに1行。このシートがあるファイルを取り込むと、事例の数値はこのシートのとおりになります。"),
        (KIND, _labels(FigureKind)),
        ("値", "数字だけ。費用は円"),
    ],
    LINKS: [("行", "アドレス一つに1行。https://から書きます。")],
}  # fmt: skip
