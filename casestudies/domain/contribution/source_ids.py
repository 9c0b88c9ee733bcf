"""Numbers of contributed cases: 「302015-2026-01」 (code of the organisation, fiscal year, counter)."""

import re

from django.utils import timezone

from casestudies.models import Case
from dxportal.core.history.trail import events_of
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Organization

COUNTER = re.compile(r"-(\d+)$")


def take(organization: Organization) -> str:
    """The next free number of the organisation in this fiscal year; never one that a deleted case had.

    The caller holds the transaction: the organisation's row stays locked until its end, so that no two cases get the
    same number.
    """
    # NO KEY: rows that only point at the organisation, and there are many, need not wait.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    start = f"{organization.code or f'x{organization.pk}'}-{fiscal_year_of(timezone.localdate())}-"
    taken = [
        *Case.objects.filter(source_id__startswith=start).values_list("source_id", flat=True),
        *events_of(Case).objects.filter(source_id__startswith=start).values_list("source_id", flat=True),
    ]
    # The highest and not how many: a number comes once with its case and again with each of the case's events.
    highest = max((int(counter[1]) for number in taken if (counter := COUNTER.search(number))), default=0)
    return f"{start}{highest + 1:02d}"
