"""What the page of one question's result gets."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from assessments.domain.questionnaires.spec import QuestionKind
from dxportal.core.ui import charts
from dxportal.core.ui.numbers import MISSING, signed
from dxportal.portal.domain import lens, public
from dxportal.portal.domain.lens import Audience

Data = dict[str, Any]
SUPPRESSED = "秘匿"
MOST_SERIES = 5


def page(data: Data, audience: Audience, hidden: bool) -> Data:
    """``hidden``: for publishing, the same view that municipalities get."""
    data = lens.question(data, audience)
    if hidden and not audience.public:
        data = public.anonymous(data)
    names = Names(data, audience)
    return {
        "data": data,
        "hidden": hidden,
        "counts": counts(data),
        "options": [option(one, data, names) for one in data["options"]],
        "rows": [matrix_row(one, names) for one in data["rows"]],
        "row_labels": [one["label"] for one in data["rows"][0]["options"]] if data["rows"] else [],
        "texts": [(names.one(who), text) for who, text in data["texts"]],
        "values": [(names.one(who), text) for who, text in data["numbers"]["values"]] if data["numbers"] else [],
        "unanswered_names": names.many(data["unanswered"]),
        "hidden_names": names.many(data["hidden"]),
        "chart": chart(data),
        "has_previous": bool(data["previous"] and data["previous"]["counts"]),
        "ranking": data["kind"] == QuestionKind.RANKING,
        "definition": "number-result" if data["kind"] == QuestionKind.NUMBER else "question-result",
    }


class Names:
    """Names and kartes of those who may be named; the others are only counted."""

    def __init__(self, data: Data, audience: Audience):
        self.names: Mapping[str, str] = data["names"]
        self.audience = audience
        self.query = f"?survey={data['survey']['id']}"

    def one(self, town: int) -> Data:
        return {"name": self.names.get(str(town), ""), "href": self.href(town)}

    def many(self, towns: Sequence[int]) -> Data:
        known = [self.one(town) for town in towns if str(town) in self.names]
        return {"known": known, "others": len(towns) - len(known)}

    def href(self, town: int) -> str:
        linked = str(town) in self.names and self.audience.opens(town, self.audience.prefecture)
        return f"{reverse('portal:karte', args=[town])}{self.query}" if linked else ""


def counts(data: Data) -> Data:
    """対象, 回答, 未回答, 対象外: counted, whether or not anybody may be named."""
    return {name: data.get(f"{name}_count", len(data[name])) for name in ("answered", "unanswered", "hidden")} | {
        "asked": data["asked"]
    }


def option(one: Data, data: Data, names: Names) -> Data:
    previous = data["previous"]["counts"].get(one["code"]) if data["previous"] else None
    return {
        **one,
        "names": names.many(one["ids"]),
        "previous": MISSING if previous is None else previous,
        "change": MISSING if previous is None else signed(one["count"] - previous, 0),
    }


def matrix_row(row: Data, names: Names) -> Data:
    return {
        **row,
        "unanswered_count": row.get("unanswered_count", len(row["unanswered"])),
        "options": [{**one, "names": names.many(one["ids"])} for one in row["options"]],
    }


def chart(data: Data) -> charts.Chart | None:
    """Bars for choices and classes of numbers, stacked columns for a matrix; nothing for texts or without answers."""
    if data["rows"]:
        return matrix_chart(data)
    if data["numbers"]:
        bins = [one for one in data["numbers"]["bins"] if one["count"] is not None]
        return bars(data, [(one["label"], one["count"]) for one in bins], "団体", "階級")
    if data["kind"] == QuestionKind.RANKING:
        return bars(data, [(one["label"], one.get("points", 0)) for one in data["options"]], "点", "選択肢")
    if data["options"]:
        return bars(data, [(one["label"], one["count"]) for one in data["options"]], "団体", "選択肢")
    return None


def bars(data: Data, pairs: Sequence[tuple[str, int]], unit: str, head: str) -> charts.Chart | None:
    if not any(count for _, count in pairs):
        return None
    label, most = max(pairs, key=lambda pair: pair[1])
    return charts.Chart(
        id="question-chart",
        title=f"問{data['code']} {data['short']}（{unit}）",
        reading=f"最も多いのは「{label}」で{most}{unit}です。",
        figure=charts.bars([wrapped(name) for name, _ in pairs], [count for _, count in pairs], unit),
        table=charts.table_of((head, f"{unit}数" if unit == "団体" else unit), pairs),
        size="tall" if len(pairs) > 9 else "normal" if len(pairs) > 4 else "short",
    )


def wrapped(name: str, width: int = 18) -> str:
    """Long labels in lines of about equal length (plotly's own line break)."""
    lines = -(-len(name) // width)
    each = -(-len(name) // lines) if lines else width
    return "<br>".join(name[at : at + each].replace("<", "＜") for at in range(0, len(name), each))


def matrix_chart(data: Data) -> charts.Chart | None:
    labels = [one["label"] for one in data["rows"][0]["options"]]
    if len(labels) > MOST_SERIES or not any(row["answered"] for row in data["rows"]):
        return None
    names = [row["label"] for row in data["rows"]]
    series = {label: [row["options"][at]["count"] for row in data["rows"]] for at, label in enumerate(labels)}
    rows = [(row["label"], *(str(one["count"]) for one in row["options"])) for row in data["rows"]]
    return charts.Chart(
        id="question-chart",
        title=f"問{data['code']} {data['short']}（行ごとの団体数）",
        reading=f"{len(names)}行それぞれについて、{len(labels)}つの選択肢の団体数を積み上げています。",
        figure=lying(charts.stacked(names, series)),
        table=charts.table_of(("行", *labels), rows),
        size="tall",
    )


def lying(figure: charts.PlotlyFigure) -> charts.PlotlyFigure:
    """Stacked columns turned to lie, so that many long names can be read; the legend above, in the order of the parts."""
    base = figure["layout"]
    layout = base | {
        "xaxis": {**base["xaxis"], "type": "linear", "rangemode": "tozero"},
        "yaxis": {
            **base["yaxis"],
            "type": "category",
            "autorange": "reversed",
            "rangemode": "normal",
            "showgrid": False,
        },
        "legend": {**base["legend"], "y": 1.02, "yanchor": "bottom"},
        "margin": {**base["margin"], "t": 72},
        "bargap": 0.12,
    }
    return {"data": [_lying(trace) for trace in figure["data"]], "layout": layout}


def _lying(trace: Data) -> Data:
    return {
        **trace,
        "orientation": "h",
        "x": trace["y"],
        "y": trace["x"],
        "textfont": {"size": 13},
        "textangle": 0,
        "constraintext": "none",
        "hovertemplate": f"%{{y}}　{trace['name']}：%{{x}}団体<extra></extra>",
    }
