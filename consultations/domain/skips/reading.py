"""Which months towns did not want: entered one by one, or by a frequency that was agreed on."""

import datetime as dt
from collections.abc import Iterator

from consultations.models import AgreedFrequency, SkippedMonth
from dxportal.core.organizations.fiscal import bounds

MONTHLY = "monthly"


def months_of(year: int) -> list[dt.date]:
    """The first days of the fiscal year's months, from April on."""
    return [dt.date(year + (month < 4), month, 1) for month in (*range(4, 13), 1, 2, 3)]


def unwanted_months(prefecture_id: int, year: int) -> Iterator[tuple[int, str, dt.date]]:
    """Town, code of the kind, first day of the month, each once; two queries."""
    entered = SkippedMonth.objects.filter(organization__prefecture=prefecture_id, month__range=bounds(year))
    skips = set(entered.values_list("organization", "kind", "month"))
    agreed = AgreedFrequency.objects.filter(organization__prefecture=prefecture_id, fiscal_year=year)
    for town, every in agreed.order_by().values_list("organization", "every"):
        skips |= {(town, MONTHLY, month) for number, month in enumerate(months_of(year)) if not every or number % every}
    yield from sorted(skips)
