"""What the pages that read figures share: whose view it is, which survey, the rows, the kept fragment."""

import hashlib
from collections.abc import Callable

from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, Value, When
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString

from assessments.enums import SurveyState
from assessments.models import Classification, ClassificationRun, Survey
from dxportal.core.accounts.models import User
from dxportal.portal.domain.audience import audience_of
from dxportal.portal.domain.lens import FigureAudience
from dxportal.portal.domain.snapshots.store import SnapshotReading, find, outdated
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.forms.figures import SurveyAddress
from dxportal.portal.views.words import full_name

PUBLISHED = 2
Choices = list[tuple[int, str]]


def audience_for(request: HttpRequest) -> FigureAudience:
    """403 for a person without a membership."""
    audience = audience_of(request.user)
    if audience is None:
        raise PermissionDenied
    return audience


def surveys_for(user: User) -> list[Survey]:
    """The surveys whose figures the person may look at, newest first, in one query.

    ``ready``: PUBLISHED where the classification is, 1 where scores exist, 0 otherwise.
    """
    mine = Survey.objects.for_user(user).filter(prefecture=user.acting.organization.prefecture_id)
    published = Classification.objects.filter(survey=OuterRef("pk"), step="published")
    scored = ClassificationRun.objects.filter(survey=OuterRef("pk"), in_force=True)
    ready = Case(When(Exists(published), then=Value(PUBLISHED)), When(Exists(scored), then=Value(1)), default=Value(0))
    rows = mine.exclude(state=SurveyState.DRAFT).annotate(ready=ready)
    return list(
        rows.only("title", "fiscal_year", "round", "state", "group_id", "prefecture_id", "visibility", "source")
    )


def chosen_survey(request: HttpRequest, surveys: list[Survey], audience: FigureAudience) -> Survey | None:
    """The one asked for (404 when it is not among them), else the newest that has something to show."""
    wanted = SurveyAddress(request.GET).values.survey
    if wanted:
        survey = next((survey for survey in surveys if str(survey.pk) == wanted), None)
        if survey is None:
            raise Http404
        return survey
    return default_survey(surveys, audience)


def default_survey(surveys: list[Survey], audience: FigureAudience) -> Survey | None:
    """Prefecture-wide before group surveys; a complete picture before that of a running survey."""
    wide = [survey for survey in surveys if survey.group_id is None] or surveys
    if audience.public:
        best = [survey for survey in wide if survey.ready == PUBLISHED] or [
            survey for survey in wide if survey.state == SurveyState.CLOSED
        ]
    else:
        scored = [survey for survey in wide if survey.ready]
        best = [survey for survey in scored if survey.state == SurveyState.CLOSED] or scored
    return next(iter(best or wide), None)


def survey_choices(surveys: list[Survey]) -> Choices:
    return [(survey.pk, full_name(survey.title, survey.fiscal_year, survey.round)) for survey in surveys]


def reading_for(
    request: HttpRequest, audience: FigureAudience, kind: SnapshotKind, key: object
) -> SnapshotReading | None:
    """The figures of a page without their content; that is read when the page has to be drawn."""
    return find(request.user, kind, key, public=audience.public)


def no_figures(request: HttpRequest, why: str = "") -> dict[str, object]:
    """Why a page has no figures: ``outdated`` where an update of the portal left them in an older form."""
    return {"why": why, "outdated": outdated(request.user.acting.organization.prefecture_id)}


def fragment(
    name: str, reading: SnapshotReading | None, scope: str, *parameters: object, draw: Callable[[], str]
) -> SafeString:
    """A drawn part of a page, kept in the process.

    The key carries the version of the figures, the ``scope`` of the reader and all that the drawing depends on: other
    figures, another reader or other parameters never meet what was drawn for these, so nothing has to be thrown away.
    """
    version = reading.version if reading else ""
    key = hashlib.sha256(repr((name, version, scope, parameters)).encode()).hexdigest()
    cache = caches["fragments"]
    # Without a lock: two that draw at once come to the same, and the later one writes it over.
    drawn = cache.get(key)
    if drawn is None:
        drawn = SafeString(draw())
        cache.set(key, drawn)
    return drawn
