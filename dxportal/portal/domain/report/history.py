"""How the events of voices and results read."""

from operator import attrgetter

from dxportal.core.accounts.scoping import NOTHING
from dxportal.core.history.trail import Trail, events_of
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.portal.domain.report.content import SUBJECTS
from dxportal.portal.models import ReportResult, SupportVoice

TRAILS = (
    Trail(
        code="support_voice",
        label="支援についての声",
        events=events_of(SupportVoice),
        reach=lambda user: user.reach() if user.role in OFFICE_ROLES or user.is_answering else NOTHING,
        organization="organization",
        related=("organization", "survey"),
        fields=tuple((label, attrgetter(subject)) for subject, label in SUBJECTS.items()),
        subject=lambda event: f"{event.survey.fiscal_year}年度",
        place=lambda event: event.organization,
        searched=(*SUBJECTS, "organization__name"),
    ),
    Trail(
        code="report_result",
        label="報告書の成果",
        events=events_of(ReportResult),
        reach=lambda user: user.reach("prefecture") if user.role in OFFICE_ROLES else NOTHING,
        organization="prefecture",
        related=("prefecture",),
        fields=(
            ("成果の名前", lambda event: event.title),
            ("アウトプット", lambda event: event.output),
            ("アウトカム", lambda event: event.outcome),
        ),
        subject=lambda event: event.title,
        place=lambda event: event.prefecture.name,
        searched=("title", "output", "outcome"),
    ),
)
