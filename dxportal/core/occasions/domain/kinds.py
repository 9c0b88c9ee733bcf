"""The kinds as which an occasion may count."""

from collections.abc import Collection

from dxportal.core.occasions.enums import STANDARD_KINDS
from dxportal.core.occasions.models import OccasionKind
from dxportal.core.workflow.errors import NotPossible


def load_kinds() -> None:
    """The kinds that come with the portal, those that are missing. What somebody renamed or put out of use stays so."""
    OccasionKind.objects.bulk_create(
        [
            OccasionKind(code=code, name=name, book=book, order=order)
            for order, (code, name, book) in enumerate(STANDARD_KINDS, 1)
        ],
        ignore_conflicts=True,
    )


def by_code(prefecture_id: int, codes: Collection[str]) -> dict[str, OccasionKind]:
    """The kinds of these codes, a prefecture's own before everybody's of the same code; NotPossible for unknown ones."""
    rows = OccasionKind.objects.of_prefecture(prefecture_id).filter(code__in=codes)
    # NULL sorts last here, so that the prefecture's own overwrites the one for everybody.
    kinds = {row.code: row for row in sorted(rows, key=lambda row: row.prefecture_id is not None)}
    unknown = sorted(set(codes) - kinds.keys())
    if unknown:
        raise NotPossible(
            {"kinds": f"この種別は登録されていません：{'、'.join(unknown)}。一覧から選び直してください。"},
            code="unknown_kind",
        )
    return kinds
