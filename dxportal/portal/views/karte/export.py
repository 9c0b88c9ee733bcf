"""A karte as a workbook or CSV: the figures that its pages show, read from the same snapshots."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import View

from dxportal.core.intake.export import CSV_ENCODINGS, Sheet, file_response
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.numbers import exact
from dxportal.portal.domain.karte.content import AnswerList, AnswerRow, OwnScores, TownHead
from dxportal.portal.domain.karte.joined import ComparedEntry, ComparedSection
from dxportal.portal.domain.karte.reading import stored_answers, stored_karte
from dxportal.portal.domain.lens import FigureAudience
from dxportal.portal.domain.matrix import AnswerText
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.forms.figures import FiguresAddress
from dxportal.portal.views import cases
from dxportal.portal.views.common import audience_for, reading_for
from dxportal.portal.views.files import Line, cell_text, notes, number
from dxportal.portal.views.karte import page
from dxportal.portal.views.words import peers_label, round_label, step_label, tier_label

DIRECTIONS = {1: "前進", -1: "後退"}
SLUGS = ("total-score", "section-score", "tier", "peers", "strengths")
OVERVIEW = ("区分", "得点", "満点", "県平均", "同規模団体の平均", "前年度との差")
HISTORY = ("調査", "年度", "回", "総合点", "満点", "支援分類", "分類の段階", "県平均")
CHANGES = ("設問番号", "設問", "前回の回答", "今回の回答", "向き")
AREAS = ("分野", "強み・課題", "達成率（%）", "県平均（%）", "差（ポイント）", "設問（得点／満点）")
ANSWERS = ("区分", "設問番号", "設問", "回答", "前回の回答", "得点", "満点")


class KarteExport(View):
    """All sheets as .xlsx; as CSV the one that ``sheet`` names, by the tab it belongs to."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        audience = audience_for(request)
        reading = reading_for(request, audience, SnapshotKind.KARTE, pk)
        answers_reading = reading_for(request, audience, SnapshotKind.ANSWERS, pk)
        if reading is None or answers_reading is None or reading.organization is None:
            raise Http404
        karte = stored_karte(reading, public=audience.public)
        address = FiguresAddress(request.GET).values
        entry = page.chosen_entry(karte.entries, address.survey)
        if entry is None:
            raise Http404
        _, lists = stored_answers(answers_reading, public=audience.public)
        answers = next((answers for answers in lists if answers.survey.id == entry.survey.id), None)
        case_lines = cases.sheet_lines(request.user, reading.organization, karte)
        sheets = {
            "overview": Sheet("概要", OVERVIEW, overview_lines(entry)),
            "history": history_sheet(karte.entries),
            "changes": Sheet("変化", CHANGES, change_lines(entry)),
            "areas": Sheet("強みと課題", AREAS, area_lines(entry)),
            "answers": Sheet("回答一覧", ANSWERS, answer_lines(answers) if answers else []),
            "cases": Sheet("事例", cases.COLUMNS, case_lines),
            "notes": Sheet("説明", ("項目", "内容"), about(karte.town, entry, reading)),
        }
        wanted = sheets.get(address.sheet, sheets["overview"])
        if reading.inherits:
            sheets["before"] = before_sheet(request, audience, reading.organization)
        # A CSV is the first sheet; a workbook keeps the order of the tabs.
        ordered = list(sheets.values())
        if address.format in CSV_ENCODINGS:
            ordered = [wanted]
        return file_response(f"カルテ_{karte.town.name}_{entry.survey.title}", ordered, address.format)


def overview_lines(entry: ComparedEntry) -> list[Line]:
    """The total, then the sections; nothing where scores aren't there to be seen."""
    scores = entry.scores
    if scores is None or scores.total is None:
        return []
    means = (number(entry.mean), number(entry.peer_mean))
    total = ("総合点", number(scores.total), scores.maximum, *means, number(scores.change))
    return [total, *map(section_line, entry.sections)]


def section_line(section: ComparedSection) -> Line:
    own = section.own
    return (own.title, number(own.own), own.worth, number(section.mean), number(section.peer), number(own.change))


def history_sheet(entries: Sequence[ComparedEntry]) -> Sheet:
    """Newest first; a section that a survey did not have stays empty."""
    rows = page.past(entries)
    labels = page.section_labels([entry for entry in rows if entry.total is not None])
    lines = [history_line(entry, entry.scores, labels) for entry in rows if entry.scores]
    return Sheet("経年", (*HISTORY, *(label for _, label in labels)), lines)


def before_sheet(request: HttpRequest, audience: FigureAudience, organization: Organization) -> Sheet:
    """The years of the municipalities before it, a line each under their own names."""
    towns = Organization.objects.for_user(request.user).before(organization)
    lines = [
        (town.name, *history_line(entry, entry.scores, ()))
        for town, entries in page.predecessors(request, audience, towns)
        for entry in entries
        if entry.scores
    ]
    return Sheet("前身の団体", ("団体", *HISTORY), lines)


def history_line(entry: ComparedEntry, scores: OwnScores, labels: Sequence[tuple[str, str]]) -> Line:
    survey = entry.survey
    return (
        survey.title,
        survey.year,
        round_label(survey.round),
        number(scores.total),
        scores.maximum or None,
        tier_label(scores.tier),
        step_label(scores.decision.step) if scores.tier else "",
        number(entry.mean),
        *(number(section.own.own) if section else None for section in page.cells(entry, labels)),
    )


def change_lines(entry: ComparedEntry) -> list[Line]:
    return [
        (
            change.code,
            change.short,
            "、".join(change.before) or "未回答",
            "、".join(change.after) or "未回答",
            DIRECTIONS.get(change.direction, ""),
        )
        for change in entry.entry.changes
    ]


def area_lines(entry: ComparedEntry) -> list[Line]:
    """Every area of the page 領域別, the strengths and gaps of the overview marked."""
    marks = {area.name: "強み" for area in entry.strengths} | {area.name: "課題" for area in entry.gaps}
    return [
        (
            area.name,
            marks.get(area.name, ""),
            *(number(exact(share) * 100, 0) for share in (area.own, area.mean, area.difference)),
            "、".join(
                f"問{question.code} {question.short}（{question.earned}／{question.possible}）"
                for question in area.questions
            ),
        )
        for area in entry.areas
    ]


def answer_lines(answers: AnswerList) -> list[Line]:
    return [
        line for section in answers.sections for row in section.questions for line in answer_row(section.title, row)
    ]


def answer_row(section: str, row: AnswerRow) -> list[Line]:
    """One line an answer; of a table one for each of its rows, the points with the first."""
    tables = [text for text in (row.now, row.before) if text and text.rows]
    if not tables:
        return [(section, row.code, row.short, cell_text(row.now), cell_text(row.before), row.earned, row.possible)]
    labels = [label for label, _ in tables[0].rows]
    now, before = _marks(row.now), _marks(row.before)
    missing = cell_text(row.now) if not row.now.rows else "未回答"
    points = [(row.earned, row.possible), *[(None, None)] * len(labels)]
    return [
        (section, row.code, f"{row.short}：{label}", now.get(label) or missing, before.get(label, ""), *points[at])
        for at, label in enumerate(labels)
    ]


def _marks(text: AnswerText | None) -> dict[str, str]:
    return dict(text.rows) if text else {}


def about(town: TownHead, entry: ComparedEntry, reading: SnapshotReading) -> list[tuple[str, Any]]:
    """Whose karte, of which survey, against whom, as of when, and what the figures mean."""
    scores = entry.scores
    lines = [("団体", town.name), ("団体コード", town.code), ("人口", town.population)]
    if scores:
        tier = f"{tier_label(scores.tier)}（{step_label(scores.decision.step)}）" if scores.tier else ""
        lines += [
            ("支援分類", tier),
            ("支援優先度", scores.priority),
            ("県平均の団体数", entry.comparison.count if entry.comparison else None),
            ("同規模団体", peers_label(entry.peers)),
        ]
    lines += [("前回の回答", entry.entry.compared), ("設問の出典", entry.survey.source_note)]
    known = [line for line in lines if line[1] not in ("", None)]
    return known + notes(entry.survey, reading, *SLUGS)
