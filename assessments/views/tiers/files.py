"""Tiers and priorities as sheets: one datum a cell, what a reader needs in the notes."""

from collections.abc import Sequence
from typing import Any

from assessments.domain.tiers.listing import TierListing, TierRow
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.then import now_cells, now_titles
from dxportal.core.ui.tags.text import datetime_ja

Notes = list[tuple[str, str]]


def tier_sheets(listing: TierListing, rows: Sequence[TierRow]) -> list[Sheet]:
    """The tiers; the history of the steps."""
    places = [row.organization.place for row in rows]
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
        "総合点",
        "満点",
        *(f"{section['title']}（{section['worth']}点満点）" for section in listing.sections),
        "支援優先度",
        "支援内容",
        *now_titles(places),
    ]
    lines = [[*tier_line(row, listing), *now_cells(row.organization.place, places)] for row in rows]
    moves = listing.classification.transitions.all() if listing.classification else []
    history = [
        [move.at, move.get_from_state_display(), move.get_to_state_display(), move.by_name, move.comment]
        for move in moves
    ]
    return [
        Sheet("支援分類", header, lines, notes(listing)),
        Sheet("段階の履歴", ["日時", "前の段階", "後の段階", "行った人", "コメント"], history),
    ]


def tier_line(row: TierRow, listing: TierListing) -> list[Any]:
    names = {band.tier: band.name for band in listing.bands}
    given = row.assignment
    card = row.card
    return [
        row.organization.place.code,
        row.organization.place.name,
        row.organization.bureau.name,
        row.tier,
        row.band.name if row.band else "未算定",
        names.get(given.computed_tier if given else card and card.tier, ""),
        "調整あり" if row.adjusted else "",
        given.reason if given else "",
        given.adjusted_at if given and row.adjusted else None,
        card.total_rounded if card else None,
        card.maximum if card else None,
        *(row.score(section["code"]) for section in listing.sections),
        row.priority,
        "、".join(card.supports) if card else "",
    ]


def priority_sheets(listing: TierListing, rows: Sequence[TierRow]) -> list[Sheet]:
    steps = [section for section in listing.sections if section["step"] is not None]
    places = [row.organization.place for row in rows]
    header = ["団体コード", "団体名", *(f"STEP{section['step']}" for section in steps), "支援優先度", "支援内容"]
    lines = [
        [
            row.organization.place.code,
            row.organization.place.name,
            *(row.score(section["code"]) for section in steps),
            row.priority or "未算定",
            "、".join(row.card.supports) if row.card else "",
            *now_cells(row.organization.place, places),
        ]
        for row in rows
    ]
    return [Sheet("支援優先度", [*header, *now_titles(places)], lines, notes(listing))]


def notes(listing: TierListing) -> Notes:
    """What a reader of the file needs: state, as-of, scheme with its limits, denominator, meaning of each tier."""
    lines = [("調査", f"{listing.survey.title}（{listing.survey.fiscal_year}年度）")]
    if run := listing.run:
        lines += [
            ("回答の時点", datetime_ja(run.answers_as_of)),
            ("対象", f"{run.responses}団体の提出済みの回答（未提出の団体は未算定）"),
            ("入力のダイジェスト（SHA-256）", run.input_digest),
        ]
        lines += [("分類基準", str(run.tier_scheme))] if run.tier_scheme else []
        lines += [("優先度基準", str(run.priority_scheme))] if run.priority_scheme else []
    if listing.classification:
        lines.append(("段階", listing.classification.get_step_display()))
    lines += [
        (f"分類{band.tier} {band.name}（{float(band.minimum):g}点以上）", f"{band.meaning} {band.support}")
        for band in listing.bands
    ]
    return [*lines, ("点数", "四捨五入して小数第1位まで。合計が一致しないことがあります。")]
