"""Tiers and priorities as files."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.views.generic import DetailView

from assessments.domain.tiers.listing import TierListing, TierRow, arrange, listing_of
from assessments.models import Survey
from assessments.views.tiers.pages import table
from dxportal.core.accounts.views.mixins import ScopedMixin
from dxportal.core.intake.export import Sheet, csv_response, workbook_response
from dxportal.core.ui.tags.text import datetime_ja


class BoardFile(ScopedMixin, DetailView):
    """``?format=xlsx|csv|csv-sjis``; for those above the municipalities."""

    model = Survey
    scope = "for_user"
    kind = ""

    def get(self, request, *args, **kwargs):
        survey = self.get_object()
        if request.user.acting.organization.is_municipality:
            raise PermissionDenied
        board = listing_of(survey, request.user)
        name = f"{survey.fiscal_year}_{survey.title}_{self.kind}_{timezone.localtime():%Y%m%d}"
        sheets = self.sheets(board)
        wanted = request.GET.get("format", "xlsx")
        if wanted in ("csv", "csv-sjis"):
            encoding = "cp932" if wanted == "csv-sjis" else "utf-8-sig"
            return csv_response(name, sheets[0].header, sheets[0].rows, encoding)
        return workbook_response(name, sheets)

    def sheets(self, board: TierListing) -> list[Sheet]:
        raise NotImplementedError


class TierExport(BoardFile):
    """Tiers, scores by section, reasons; the history of the steps; notes. Filtered and sorted as the page."""

    kind = "支援分類"

    def sheets(self, board):
        rows = table(board, self.request.GET)["rows"]
        header = [
            "団体コード",
            "団体名",
            "振興局",
            "分類",
            "分類名",
            "算定の分類名",
            "調整",
            "調整の理由",
            "調整した日時",
        ]
        header += [
            "総合点",
            "満点",
            *(f"{one['title']}（{one['worth']}点満点）" for one in board.sections),
            "支援優先度",
            "支援内容",
        ]
        sheet = Sheet("支援分類", header, [tier_line(row, board) for row in rows], notes(board))
        return [sheet, Sheet("段階の履歴", ["日時", "前の段階", "後の段階", "行った人", "コメント"], history(board))]


class PriorityExport(BoardFile):
    kind = "支援優先度"

    def sheets(self, board):
        header = ["団体コード", "団体名", *(f"STEP{one['step']}" for one in steps(board)), "支援優先度", "支援内容"]
        rows = [
            priority_line(row, board) for row in arrange(board.rows, sort=self.request.GET.get("sort", "-priority"))
        ]
        return [Sheet("支援優先度", header, rows, notes(board))]


def tier_line(row: TierRow, board: TierListing) -> list:
    names = {band.tier: band.name for band in board.bands}
    given, card = row.assignment, row.card
    return [
        row.organization.code or "",
        row.organization.name,
        row.organization.parent.name,
        row.tier,
        row.band.name if row.band else "未算定",
        names.get(given.computed_tier if given else card and card.tier, ""),
        "調整あり" if row.adjusted else "",
        given.reason if given else "",
        given.adjusted_at if given and row.adjusted else None,
        card.total_rounded if card else None,
        card.maximum if card else None,
        *(row.score(one["code"]) for one in board.sections),
        row.priority,
        "、".join(card.supports) if card else "",
    ]


def priority_line(row: TierRow, board: TierListing) -> list:
    supports = "、".join(row.card.supports) if row.card else ""
    scores = [row.score(one["code"]) for one in steps(board)]
    return [row.organization.code or "", row.organization.name, *scores, row.priority or "未算定", supports]


def steps(board: TierListing) -> list[dict]:
    return [one for one in board.sections if one["step"] is not None]


def history(board: TierListing) -> list[list]:
    moves = board.classification.transitions.all() if board.classification else []
    return [
        [one.at, one.get_from_state_display(), one.get_to_state_display(), one.by_name, one.comment] for one in moves
    ]


def notes(board: TierListing) -> list[tuple[str, str]]:
    """What a reader of the file needs: state, as-of, scheme with its limits, denominator, meaning of each tier."""
    found = [("調査", f"{board.survey.title}（{board.survey.fiscal_year}年度）")]
    if board.run:
        found += [
            ("回答の時点", datetime_ja(board.run.answers_as_of)),
            ("対象", f"{board.run.responses}団体の提出済みの回答（未提出の団体は未算定）"),
            ("入力のダイジェスト（SHA-256）", board.run.input_digest),
        ]
        found += [("分類基準", str(board.run.tier_scheme))] if board.run.tier_scheme else []
        found += [("優先度基準", str(board.run.priority_scheme))] if board.run.priority_scheme else []
    if board.classification:
        found.append(("段階", board.classification.get_step_display()))
    found += [(f"分類{b.tier} {b.name}（{float(b.minimum):g}点以上）", f"{b.meaning} {b.support}") for b in board.bands]
    return [*found, ("点数", "四捨五入して小数第1位まで。合計が一致しないことがあります。")]
