"""The index of a survey's questions, the result of each, and its file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.views.generic import View

from assessments.domain.questionnaires.spec import QuestionKind
from assessments.domain.questionnaires.wording import plain_number
from assessments.models import Survey
from dxportal.core.intake.export import Sheet, file_response
from dxportal.core.ui import charts
from dxportal.core.ui.numbers import MISSING, share, signed
from dxportal.core.ui.pages import Crumbs, crumbs
from dxportal.portal.domain import lens, public
from dxportal.portal.domain.lens import FigureAudience
from dxportal.portal.domain.questions import NamedTown, OptionCount, QuestionFigures, QuestionIndex, Respondents
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.forms.figures import FiguresAddress
from dxportal.portal.views.common import (
    audience_for,
    chosen_survey,
    fragment,
    no_figures,
    reading_for,
    survey_choices,
    surveys_for,
)
from dxportal.portal.views.files import SUPPRESSED, Line, notes
from dxportal.portal.views.words import class_label

Context = dict[str, Any]
MOST_SERIES = 5
BEFORE_CLOSING = (
    "設問の結果は、調査の締切のあとに表示します。受付中に数を示すと、どの団体の回答か分かることがあるためです。"
)


class SurveyFiguresPage(View):
    """A page below one survey, which must be among those that the person may look at."""

    def find(self, request: HttpRequest, pk: int) -> tuple[FigureAudience, list[Survey], Survey]:
        audience = audience_for(request)
        surveys = surveys_for(request.user)
        survey = next((survey for survey in surveys if survey.pk == pk), None)
        if survey is None:
            raise Http404
        return audience, surveys, survey


class QuestionGo(View):
    """The chosen survey's index, for the select that works without script."""

    def get(self, request: HttpRequest) -> HttpResponse:
        audience = audience_for(request)
        survey = chosen_survey(request, surveys_for(request.user), audience)
        if survey is None:
            return redirect("portal:dashboard")
        return redirect("portal:question_list", survey.pk)


class QuestionList(SurveyFiguresPage):
    def get(self, request: HttpRequest, survey: int) -> HttpResponse:
        audience, surveys, row = self.find(request, survey)
        reading = reading_for(request, audience, SnapshotKind.QUESTIONS, survey)
        context: Context = {
            "survey": row,
            "survey_options": survey_choices(surveys),
            "reading": reading,
            "closed_only": audience.public and row.state != "closed",
            "why_hidden": BEFORE_CLOSING,
            "crumbs": [*survey_crumbs(row), ("設問ごとの結果", None)],
        }
        if reading is None:
            context |= no_figures(request)
        else:
            kind = SnapshotKind.QUESTIONS.public if audience.public else SnapshotKind.QUESTIONS
            context["data"] = reading.only(kind, QuestionIndex)
        return render(request, "portal/questions/index.html", context)


class QuestionPage(SurveyFiguresPage):
    def get(self, request: HttpRequest, survey: int, code: str) -> HttpResponse:
        audience, _, row = self.find(request, survey)
        reading = reading_for(request, audience, SnapshotKind.QUESTION, f"{survey}:{code}")
        hidden = FiguresAddress(request.GET).values.names == "hidden" and not audience.public
        context: Context = {
            "survey": row,
            "reading": reading,
            "code": code,
            "hidden": hidden,
            "may_hide": not audience.public,
            "crumbs": [
                *survey_crumbs(row),
                ("設問ごとの結果", reverse("portal:question_list", args=[survey])),
                (f"問{code}", None),
            ],
        }
        if reading is None:
            context |= no_figures(request, BEFORE_CLOSING if audience.public and row.state != "closed" else "")
            return render(request, "portal/questions/page.html", context)

        def draw() -> str:
            return render_to_string("portal/questions/_body.html", question_page(reading, audience, hidden=hidden))

        def short() -> str:
            return escape(_stored(reading, audience).short)

        context["body"] = fragment("question", reading, audience.mark, hidden, draw=draw)
        context["short"] = fragment("question title", reading, audience.mark, draw=short)
        return render(request, "portal/questions/page.html", context)


class QuestionExport(SurveyFiguresPage):
    def get(self, request: HttpRequest, survey: int, code: str) -> HttpResponse:
        audience, _, row = self.find(request, survey)
        reading = reading_for(request, audience, SnapshotKind.QUESTION, f"{survey}:{code}")
        if reading is None:
            raise Http404
        address = FiguresAddress(request.GET).values
        page = question_page(reading, audience, hidden=address.names == "hidden")
        return file_response(f"問{code}_{row.title}", question_sheets(page, reading), address.format)


def survey_crumbs(survey: Survey) -> Crumbs:
    return crumbs(("県ダッシュボード", f"{reverse('portal:dashboard')}?survey={survey.pk}"))


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A municipality; without a name where the reader may not know it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class NamedLinks:
    """Those who may be named, and how many others there are."""

    known: list[NamedLink]
    others: int


@dataclass(frozen=True, slots=True)
class OptionLine:
    """A choice as the table shows it. ``last``: its count last time, 「—」 where there was no such choice."""

    option: OptionCount
    share: str
    names: NamedLinks
    last: int | str = MISSING
    change: str = MISSING


@dataclass(frozen=True, slots=True)
class RowLine:
    label: str
    options: list[OptionLine]
    unanswered: int


class Names:
    """Names and kartes of those who may be named; the others are only counted."""

    def __init__(self, known: Mapping[int, NamedTown], audience: FigureAudience, survey_id: int):
        self.known = known
        self.audience = audience
        self.query = f"?survey={survey_id}"

    def link(self, town: int) -> NamedLink:
        linked = town in self.known and self.audience.opens(town, self.audience.prefecture)
        href = f"{reverse('portal:karte', args=[town])}{self.query}" if linked else ""
        return NamedLink(self.known[town].shown if town in self.known else "", href)

    def links(self, towns: Iterable[int], count: int) -> NamedLinks:
        known = [self.link(town) for town in towns if town in self.known]
        return NamedLinks(known, count - len(known))


def _stored(reading: SnapshotReading, audience: FigureAudience) -> QuestionFigures:
    kind = SnapshotKind.QUESTION.public if audience.public else SnapshotKind.QUESTION
    return reading.only(kind, QuestionFigures)


def question_page(reading: SnapshotReading, audience: FigureAudience, *, hidden: bool) -> Context:
    """``hidden``: for publishing, the same view that municipalities get."""
    question = _stored(reading, audience)
    kind = SnapshotKind.RESPONDENTS.public if audience.public else SnapshotKind.RESPONDENTS
    respondents = reading.maybe(kind, Respondents)
    known = lens.names(respondents.names if respondents else {}, audience)
    question = lens.question(question, known, audience)
    if hidden and not audience.public:
        question, known = public.anonymous(question), {}
    names = Names(known, audience, question.survey.id)
    values = question.numbers.values if question.numbers else ()
    return {
        "data": question,
        "hidden": hidden,
        "options": [option_line(option, question, names) for option in question.options_shown],
        "rows": [
            RowLine(
                row.label,
                [
                    OptionLine(option, share(option.count, row.answered), names.links(option.towns, option.count))
                    for option in row.options
                ],
                row.unanswered_count,
            )
            for row in question.rows
        ],
        "row_labels": [option.label for option in question.rows[0].options] if question.rows else [],
        "texts": [(names.link(town), text) for town, text in question.texts],
        "values": [(names.link(town), plain_number(value)) for town, value in values],
        "unanswered_names": names.links(question.unanswered, question.unanswered_count),
        "skipped_names": names.links(question.skipped, question.skipped_count),
        "chart": chart(question),
        "has_last": bool(question.last and question.last.counts),
        "ranking": question.kind == QuestionKind.RANKING,
        "definition": "number-result" if question.kind == QuestionKind.NUMBER else "question-result",
    }


def option_line(option: OptionCount, question: QuestionFigures, names: Names) -> OptionLine:
    last = question.last.counts.get(option.code) if question.last else None
    return OptionLine(
        option=option,
        share=share(option.count, question.answered_count),
        names=names.links(option.towns, option.count),
        last=MISSING if last is None else last,
        change=MISSING if last is None else signed(option.count - last, 0),
    )


def chart(question: QuestionFigures) -> charts.Chart | None:
    """Bars for choices and classes of numbers, stacked columns for a matrix; nothing for texts or without answers."""
    if question.rows:
        return matrix_chart(question)
    if question.numbers:
        classes = [each for each in question.numbers.classes if each.count is not None]
        pairs = [(class_label(each, question.unit), each.count or 0) for each in classes]
        return bars(question, pairs, "団体", "階級")
    if question.kind == QuestionKind.RANKING:
        pairs = [(option.label, option.points) for option in question.options_shown]
        return bars(question, pairs, "点", "選択肢")
    if question.options:
        pairs = [(option.label, option.count) for option in question.options_shown]
        return bars(question, pairs, "団体", "選択肢")
    return None


def bars(question: QuestionFigures, pairs: Sequence[tuple[str, int]], unit: str, head: str) -> charts.Chart | None:
    if not any(count for _, count in pairs):
        return None
    label, most = max(pairs, key=lambda pair: pair[1])
    return charts.Chart(
        id="question-chart",
        title=f"問{question.code} {question.short}（{unit}）",
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


def matrix_chart(question: QuestionFigures) -> charts.Chart | None:
    rows = question.rows
    labels = [option.label for option in rows[0].options]
    if len(labels) > MOST_SERIES or not any(row.answered for row in rows):
        return None
    names = [row.label for row in rows]
    series = {label: [row.options[at].count for row in rows] for at, label in enumerate(labels)}
    table = [(row.label, *(str(option.count) for option in row.options)) for row in rows]
    return charts.Chart(
        id="question-chart",
        title=f"問{question.code} {question.short}（行ごとの団体数）",
        reading=f"{len(names)}行それぞれについて、{len(labels)}つの選択肢の団体数を積み上げています。",
        figure=lying(charts.stacked(names, series)),
        table=charts.table_of(("行", *labels), table),
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
    traces = [
        {
            **trace,
            "orientation": "h",
            "x": trace["y"],
            "y": trace["x"],
            "textfont": {"size": 13},
            "textangle": 0,
            "constraintext": "none",
            "hovertemplate": f"%{{y}}　{trace['name']}：%{{x}}団体<extra></extra>",
        }
        for trace in figure["data"]
    ]
    return {"data": traces, "layout": layout}


def question_sheets(page: Context, reading: SnapshotReading) -> list[Sheet]:
    question: QuestionFigures = page["data"]
    about: list[tuple[str, Any]] = [
        ("設問", question.wording),
        *notes(question.survey, reading, page["definition"]),
        ("対象 n", question.target_count),
        ("回答 n", question.answered_count),
        ("未回答", question.unanswered_count),
        ("対象外", question.skipped_count),
    ]
    sheets = [Sheet("集計", *distribution(page), about)]
    if named := named_lines(page):
        sheets.append(Sheet("団体別", ("団体", "回答"), named))
    return sheets


def distribution(page: Context) -> tuple[Line, list[Line]]:
    question: QuestionFigures = page["data"]
    if page["rows"]:
        header = ("行", *page["row_labels"], "未回答")
        return header, [
            (row.label, *(line.option.count for line in row.options), row.unanswered) for row in page["rows"]
        ]
    if question.numbers:
        return ("階級", "団体数"), [
            (class_label(each, question.unit), SUPPRESSED if each.count is None else each.count)
            for each in question.numbers.classes
        ]
    if page["options"]:
        header = ("選択肢", "団体数", "構成比（回答 n に占める割合）", "前回の団体数")
        lines = page["options"]
        return header, [(line.option.label, line.option.count, line.share, line.last) for line in lines]
    return ("回答", "団体数"), [("記述", question.answered_count)]


def named_lines(page: Context) -> list[Line]:
    """Who gave which answer, for those who may see it."""
    lines: list[Line] = [(town.name, line.option.label) for line in page["options"] for town in line.names.known]
    lines += [
        (town.name, f"{row.label}：{line.option.label}")
        for row in page["rows"]
        for line in row.options
        for town in line.names.known
    ]
    return lines + [(town.name, text) for town, text in [*page["values"], *page["texts"]] if town.name]
