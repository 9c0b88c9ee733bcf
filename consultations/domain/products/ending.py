"""Which contracts end soon. Whole days of the calendar in Tokyo; on its last day a contract is still in force."""

import datetime as dt

from django.db.models import Q, QuerySet

from consultations.enums import ContractEnd
from consultations.models import ProductContract

MONTHS = {ContractEnd.HALF_YEAR: 6, ContractEnd.YEAR: 12}


def months_on(day: dt.date, months: int) -> dt.date:
    """The same day some months on, or the month's last day where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + year, month + 1, 1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return min(first + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


def ends(how_soon: str, today: dt.date) -> Q:
    """Rows whose contract ends so; all for any other word."""
    if how_soon in MONTHS:
        return Q(contract_end__range=(today, months_on(today, MONTHS[ContractEnd(how_soon)])))
    if how_soon == ContractEnd.PAST:
        return Q(contract_end__lt=today)
    return Q(contract_end__isnull=True) if how_soon == ContractEnd.OPEN else Q()


def ending_within_a_year(organization_id: int, today: dt.date) -> QuerySet[ProductContract]:
    """A town's contracts that end within a year from ``today``, the soonest first: for whoever reads the town's own."""
    rows = ProductContract.objects.filter(ends(ContractEnd.YEAR, today), organization=organization_id)
    return rows.order_by("contract_end", "pk")
