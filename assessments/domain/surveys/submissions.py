"""提出状況: how far each municipality is on its way to handing in: what the progress page, its exports and the reminders read."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.surveys.carryover import answers_by_response
from assessments.domain.surveys.due import days_left, due_of, has_ended
from assessments.domain.surveys.progress import SectionProgress, progress
from assessments.enums import HANDED_IN_STATES, ResponseState
from assessments.models import Reminder, Response, ResponseTransition, Survey
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.organizations.models import FormerName

OVERDUE = "overdue"
UNTOUCHED = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Submission:
    """One row of the progress table. ``days_left`` is None once handed in; negative days are overdue."""

    response: Response
    due: dt.datetime
    days_left: int | None
    overdue: bool

    @property
    def share(self) -> float:
        return self.response.answered / self.response.required if self.response.required else 0.0

    @property
    def days_late(self) -> int:
        return max(0, -self.days_left) if self.days_left is not None else 0

    @property
    def ended(self) -> bool:
        """Whether the town is no more: what it didn't hand in stays behind."""
        return has_ended(self.response)

    @property
    def handed_in(self) -> bool:
        return self.response.state in HANDED_IN_STATES


SORT_KEYS = {
    "organization": lambda row: (row.response.organization.sort_order, row.response.organization.code or ""),
    "bureau": lambda row: (row.response.organization.bureau.order, row.response.organization.bureau.name),
    "state": lambda row: list(ResponseState).index(row.response.state),
    "answered": lambda row: row.share,
    "changed": lambda row: row.response.changed_at or UNTOUCHED,
    "days": lambda row: (row.handed_in, row.due),
    "returns": lambda row: row.response.returns,
    "reminders": lambda row: (row.response.reminded, row.response.reminded_at or UNTOUCHED),
}


def submissions(responses: QuerySet[Response], survey: Survey, now: dt.datetime | None = None) -> list[Submission]:
    """One query. The responses carry ``returns`` (by the prefecture), ``reminded`` and ``reminded_at``."""
    now = now or timezone.now()
    rows = responses.filter(survey=survey).select_related("organization__parent", "changed_by")
    # Subqueries, not joins: joined, the moves would multiply the reminders and both counts be wrong.
    rows = rows.annotate(
        returns=_per_response(ResponseTransition, Count("pk"), from_state__in=HANDED_IN_STATES, to_state="returned"),
        reminded=_per_response(Reminder, Count("pk"), delivered_at__isnull=False),
        reminded_at=Subquery(_grouped(Reminder, Max("delivered_at"))),
        # Asked along: most towns and bureaus are called as ever, and need no query for it.
        renamed=Exists(
            FormerName.objects.filter(
                Q(organization=OuterRef("organization")) | Q(organization=OuterRef("organization__parent"))
            )
        ),
    )
    changed = [response for response in rows if response.renamed or response.organization.last_day]
    recall((response.organization, survey.day) for response in changed)
    table = []
    for response in rows:
        response.survey = survey  # else due_of would fetch it for every response
        handed_in = response.state in HANDED_IN_STATES
        due = due_of(response)
        left = None if handed_in else days_left(response, timezone.localdate(now))
        table.append(Submission(response, due, left, overdue=not handed_in and now > due))
    return table


def arrange(
    rows: Iterable[Submission], *, state: str = "", bureau: int | None = None, overdue: bool = False, sort: str = ""
) -> list[Submission]:
    """Filtered and in order; ``sort`` is a key of SORT_KEYS, with "-" for falling. Ties keep the official order."""
    chosen = [
        row
        for row in rows
        if (not state or row.response.state == state)
        and (bureau is None or row.response.organization.bureau.pk == bureau)
        and (not overdue or row.overdue)
    ]
    # Sorted twice: the second sort is stable, also when falling, so the official order stays within equal rows.
    chosen.sort(key=SORT_KEYS["organization"])
    if key := SORT_KEYS.get(sort.removeprefix("-")):
        chosen.sort(key=key, reverse=sort.startswith("-"))
    return chosen


def counts(rows: Iterable[Submission]) -> Mapping[str, int]:
    """How many responses are in each state, and how many are overdue."""
    rows = list(rows)
    numbers = Counter({state.value: 0 for state in ResponseState})
    numbers.update(row.response.state for row in rows)
    numbers[OVERDUE] = sum(row.overdue for row in rows)
    return dict(numbers)


def section_progress(survey: Survey, rows: Iterable[Submission]) -> dict[int, tuple[SectionProgress, ...]]:
    """Answered of required questions shown, by response and section; one query for all answers."""
    spec = stored_questionnaire(survey.questionnaire_id).spec
    wanted = [row.response.pk for row in rows]
    given = answers_by_response(survey, wanted)
    return {pk: progress(spec, given.get(pk, {})).sections for pk in wanted}


def _per_response(model, aggregate, **filters) -> Coalesce:
    return Coalesce(Subquery(_grouped(model, aggregate, **filters)), 0)


def _grouped(model, aggregate, **filters) -> QuerySet:
    # order_by(): a model's own order would become a part of the grouping.
    rows = model.objects.filter(response=OuterRef("pk"), **filters).order_by()
    return rows.values("response").annotate(figure=aggregate).values("figure")
