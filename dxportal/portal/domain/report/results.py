"""The results of a year, written for its report."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from dxportal.core.accounts.models import User
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked
from dxportal.portal.domain.report.content import ResultText
from dxportal.portal.models import ReportResult

OVERTAKEN = "入力中にほかの人がこの成果を書き換えました。"


def text_of(row: ReportResult) -> ResultText:
    return ResultText(row.title, row.output, row.outcome)


def add(year: int, text: ResultText, *, user: User) -> ReportResult:
    if user.role not in OFFICE_ROLES:
        raise PermissionDenied
    rows = ReportResult.objects.editable_by(user).filter(fiscal_year=year)
    last = rows.aggregate(last=Max("order"))["last"] or 0
    row = ReportResult(prefecture_id=user.acting.organization_id, fiscal_year=year, order=last + 1, revision=0)
    return store(row, text)


def change(pk: int, text: ResultText, *, revision: int, user: User) -> ReportResult:
    """PermissionDenied; NotPossible; Overtaken (with the row) where it says something else by now."""
    with transaction.atomic():
        row = locked(ReportResult.objects.editable_by(user), pk)
        if text_of(row) == text:
            return row
        if row.revision != revision:
            raise Overtaken(OVERTAKEN, row)
        return store(row, text)


def store(row: ReportResult, text: ResultText) -> ReportResult:
    row.title = text.title
    row.output = text.output
    row.outcome = text.outcome
    row.revision += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotPossible({"title": "同じ名前の成果があります。別の名前にしてください。"}, code="taken") from None
    return row


def delete(pk: int, *, user: User) -> None:
    with transaction.atomic():
        locked(ReportResult.objects.editable_by(user), pk).delete()
