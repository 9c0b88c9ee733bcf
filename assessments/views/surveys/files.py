"""The progress of a survey as sheets: one datum a cell, codes beside names."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone

from assessments.domain.questionnaires.spec import SectionSpec
from assessments.domain.surveys.progress import SectionProgress
from assessments.domain.surveys.submissions import Submission
from assessments.models import Survey
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.then import now_cells, now_titles
from dxportal.core.ui.japanese import fiscal_label

HEADER = (
    "団体コード",
    "団体",
    "振興局",
    "状態",
    "回答数",
    "必須数",
    "最終更新日時",
    "最終更新者",
    "締切",
    "締切までの日数",
    "期限超過",
    "延長の理由",
    "差戻し回数",
    "督促回数",
    "最後の督促日時",
    "受付番号",
    "提出日時",
)


def table_rows(rows: Sequence[Submission]) -> Iterator[list[Any]]:
    places = [row.response.organization.place for row in rows]
    for row in rows:
        response = row.response
        organization = response.organization
        yield [
            organization.place.code or None,
            organization.place.name,
            organization.bureau.name,
            response.get_state_display(),
            response.answered,
            response.required,
            response.changed_at,
            response.changed_by and response.changed_by.name,
            row.due,
            row.days_left,
            "期限超過" if row.overdue else "",
            response.extension_reason,
            response.returns,
            response.reminded,
            response.reminded_at,
            response.receipt_number,
            response.submitted_at,
            *now_cells(organization.place, places),
        ]


def table_sheet(survey: Survey, rows: Sequence[Submission]) -> Sheet:
    notes = (
        ("調査", f"{fiscal_label(survey.fiscal_year)} {survey.title}（{survey.get_round_display()}）"),
        ("時点", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        ("回答数・必須数", "表示されている必須の設問のうち、回答のある数と全体の数"),
        ("差戻し回数", "県から市町村への差戻しの回数"),
        ("督促回数", "配信できた督促メールの回数"),
    )
    titles = now_titles([row.response.organization.place for row in rows])
    return Sheet("進捗", (*HEADER, *titles), table_rows(rows), notes)


def heat_sheet(
    sections: Sequence[SectionSpec], rows: Sequence[Submission], shares: Mapping[int, Sequence[SectionProgress]]
) -> Sheet:
    figures = [f"{section.title}（{word}）" for section in sections for word in ("回答数", "必須数")]
    lines = []
    for row in rows:
        organization = row.response.organization
        counts = [count for share in shares[row.response.pk] for count in (share.answered, share.required)]
        lines.append([organization.place.code or None, organization.place.name, *counts])
    return Sheet("区分別", ["団体コード", "団体", *figures], lines)
