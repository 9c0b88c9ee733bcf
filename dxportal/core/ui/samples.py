"""What the sample page shows: every component in each of its states. The municipalities are invented."""

import datetime as dt
from fractions import Fraction
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from dxportal.core.ui import charts, fields
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.pages.crumbs import crumbs
from dxportal.core.ui.tags.lists import heat_class
from dxportal.core.ui.tags.marks import Tile

NAMES = ("みなと市", "やまなみ町", "かわべ町", "ひので市", "もりの村", "つきみ町", "しおかぜ市", "たかの町", "いずみ市")
SCORES = (142.5, 98.0, 76.4, 187.2, 41.0, None, 120.9, 88.8, 153.3)
STEPS = ((28.5, 12.0, 21.3, 9.8), (18, 7.5, None, 3.2), (30, 26.1, 24.9, 29.9), (4.2, 0, 11.7, 6))
YEARS = ("令和3", "令和4", "令和5", "令和6")
TREND = {"県平均": (81.2, 92.4, None, 118.0), "同規模平均": (76.0, 80.1, 99.5, 104.2)}
FLOW = [(0, 3, 2), (0, 4, 4), (1, 4, 12), (2, 4, 6), (2, 5, 4)]
META = {"source": "市町村DX調査", "as_of": "2026年4月1日現在", "n": 8, "of": 9, "definition_href": "#"}
TIERS = (("関与", 1, 6, 0), ("支援", 2, 12, 2), ("協働", 3, 10, 22), ("共創", 4, 2, 6))


class SampleForm(PortalForm):
    """One field of each kind."""

    name = fields.JpCharField(label="氏名", help_text="姓と名の間に空白を入れてください。")
    kana = fields.KatakanaField(label="氏名（カナ）", required=False)
    day = fields.JpDateField(label="実施日")
    staff = fields.JpIntegerField(label="DX担当職員数", min_value=0, max_value=999, unit="人", required=False)
    plan = forms.ChoiceField(
        label="DX推進計画",
        choices=[("made", "策定済み"), ("now", "策定中"), ("no", "未策定")],
        widget=forms.RadioSelect,
    )
    fields_ = forms.MultipleChoiceField(
        label="取り組んでいる分野",
        required=False,
        choices=[("a", "手続のオンライン化"), ("b", "書かない窓口"), ("c", "データ利活用")],
        widget=forms.CheckboxSelectMultiple,
    )
    bureau = forms.ChoiceField(
        label="振興局", choices=[("", "選択してください"), ("n", "北部振興局"), ("s", "南部振興局")]
    )
    body = fields.JpCharField(label="課題", widget=forms.Textarea, limit=200, required=False, help_text="200文字以内")
    agree = forms.BooleanField(label="内容を確認しました")


def context(request: HttpRequest) -> dict[str, Any]:
    return {
        "crumbs": crumbs("部品見本"),
        "tab_items": [("概要", "?", True), ("領域別", "?tab=area", False), ("経年", "?tab=years", False)],
        "form": SampleForm(),
        "wrong": SampleForm({"w-day": "令和8年2月30日", "w-staff": "十二", "w-body": "あ" * 215}, prefix="w"),
        "page": Paginator(range(120), 50).page(2),
        "steps": [("算定", "done"), ("ヒアリング調整", "current"), ("案", "todo"), ("決定・公表", "todo")],
        "tiles": sample_tiles(),
        "tile_legend": [("level-5", "120以上　4団体"), ("level-3", "60～120　4団体"), ("level-none", "未回答　1団体")],
        "rows": list(zip(NAMES, SCORES, STEPS * 3, strict=False)),
        "tiers": [(tier, name, count) for name, tier, count, _ in TIERS],
        "columns": [(tier, name, NAMES[at::4]) for at, (name, tier, _, _) in enumerate(TIERS)],
        "years": [88.0, None, 104.5, 120.9],
        "day": dt.date(2026, 4, 1),
        "third": Fraction(1, 3),
        "charts": sample_charts(),
    }


def sample_tiles() -> list[Tile]:
    tiles = []
    for at, (name, score) in enumerate(zip(NAMES, SCORES, strict=True)):
        level = None if score is None else heat_class(score, 210)
        text = "未回答" if score is None else f"{score}"
        tiles.append(Tile(at // 3 + 1, at % 3 + 1 + at // 6, name, text, "#", level))
    return tiles


def sample_charts() -> list[charts.Chart]:
    known = [(name, score) for name, score in zip(NAMES, SCORES, strict=True) if score is not None]
    known.sort(key=lambda pair: -pair[1])
    tiers = {name: (before, after) for name, _, before, after in TIERS}
    return [
        charts.Chart(
            id="chart-lines",
            title="総合点の推移（年度、平均）",
            reading="県平均は3年で36.8点上がりました。",
            figure=charts.lines(YEARS, TREND),
            table=charts.table_of(("年度", *TREND), list(zip(YEARS, *TREND.values(), strict=True))),
            meta=META,
            downloads="?chart=lines",
        ),
        charts.Chart(
            id="chart-bars",
            title="総合点（令和6年度、高い順）",
            reading="最も高いのはひので市の187.2点です。",
            figure=charts.bars([name for name, _ in known], [score for _, score in known], "点", 210),
            table=charts.table_of(("団体", "総合点"), known, digits=1),
            meta=META,
        ),
        charts.Chart(
            id="chart-tiers",
            title="支援分類の団体数（前年度と今年度）",
            reading="関与はなくなり、協働が22団体に増えました。",
            figure=charts.stacked(("令和5年度", "令和6年度"), tiers, list(charts.TIERS.values())),
            table=charts.table_of(("分類", "令和5年度", "令和6年度"), [(n, b, a) for n, _, b, a in TIERS]),
        ),
        charts.Chart(
            id="chart-flows",
            title="支援分類の移動",
            reading="支援から協働へ12団体が移りました。",
            figure=charts.flows(
                ("関与", "支援", "協働", "支援", "協働", "共創"), [charts.TIERS[n] for n in (1, 2, 3, 2, 3, 4)], FLOW
            ),
            table=charts.table_of(("移動", "団体数"), [("関与 → 支援", 2), ("支援 → 協働", 12), ("協働 → 共創", 4)]),
            size="short",
        ),
    ]
