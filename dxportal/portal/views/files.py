"""Figures as workbooks and CSV: the same rows, scope and filter as the page they belong to."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dxportal.core.ui.japanese import fiscal_label
from dxportal.core.ui.numbers import rounded
from dxportal.core.ui.tags.text import datetime_ja
from dxportal.portal.definitions import BY_SLUG
from dxportal.portal.domain.matrix import AnswerText
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.domain.surveys import SurveyHead
from dxportal.portal.views.words import answer_state

SUPPRESSED = "秘匿"
Line = Sequence[Any]


def notes(survey: SurveyHead, reading: SnapshotReading, *slugs: str) -> list[tuple[str, str]]:
    """Source, moment and definitions, for the sheet of notes."""
    lines = [("出典", f"{fiscal_label(survey.year)} {survey.title}"), ("集計の時点", datetime_ja(reading.computed_at))]
    for slug in slugs:
        definition = BY_SLUG[slug]
        lines += [
            (f"{definition.title}の計算", definition.formula),
            (f"{definition.title}の分母", definition.denominator),
        ]
    return lines


def number(value: Fraction | None, digits: int = 1) -> float | None:
    """Rounded as on the page."""
    return None if value is None else float(rounded(value, digits))


def cell_text(text: AnswerText | None) -> str:
    """An answer in one cell; of a table only what is said beside it, for its rows have cells of their own."""
    if text is None:
        return ""
    main = answer_state(text.state) or "、".join(text.lines)
    return "\n".join(part for part in (main, text.detail) if part)
