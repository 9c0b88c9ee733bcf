"""What the pages that read snapshots share: whose view it is, which survey, the row, the kept fragment."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, Value, When
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString

from assessments.enums import SurveyState
from assessments.models import Classification, ClassificationRun, Survey
from dxportal.portal.domain.board import survey_name
from dxportal.portal.domain.lens import Audience, audience_of
from dxportal.portal.models import Snapshot

MOST_FRAGMENTS = 256
PUBLISHED = 2
_fragments: OrderedDict[tuple, SafeString] = OrderedDict()
_lock = Lock()


def audience_for(request: HttpRequest) -> Audience:
    """403 for a person without a membership."""
    audience = audience_of(request.user)
    if audience is None:
        raise PermissionDenied
    return audience


def surveys_for(user) -> list[Survey]:
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


def chosen_survey(request: HttpRequest, surveys: list[Survey], audience: Audience) -> Survey | None:
    """The one asked for (404 when it is not among them), else the newest that has something to show."""
    wanted = request.GET.get("survey", "")
    if wanted:
        found = next((one for one in surveys if str(one.pk) == wanted), None)
        if found is None:
            raise Http404
        return found
    return default_survey(surveys, audience)


def default_survey(surveys: list[Survey], audience: Audience) -> Survey | None:
    """Prefecture-wide before group surveys; a complete picture before that of a running survey."""
    wide = [one for one in surveys if one.group_id is None] or surveys
    if audience.public:
        best = [one for one in wide if one.ready == PUBLISHED] or [
            one for one in wide if one.state == SurveyState.CLOSED
        ]
    else:
        scored = [one for one in wide if one.ready]
        best = [one for one in scored if one.state == SurveyState.CLOSED] or scored
    return next(iter(best or wide), None)


def survey_choices(surveys: list[Survey]) -> list[tuple[int, str]]:
    return [(one.pk, survey_name(one)) for one in surveys]


def find_row(request: HttpRequest, kind: str, key: object) -> Snapshot | None:
    """The row without its content; ``row.data`` reads it when a page has to be drawn."""
    rows = Snapshot.objects.for_user(request.user).filter(kind=kind, key=str(key))
    acting = request.user.acting
    if acting is not None:
        rows = rows.filter(prefecture=acting.organization.prefecture_id)
    return rows.defer("data").select_related("organization").first()


def fragment(key: tuple, draw: Callable[[], str]) -> SafeString:
    """A drawn part of a page, kept in the process. ``key`` must hold the row's digest, the audience and all parameters."""
    with _lock:
        if key in _fragments:
            _fragments.move_to_end(key)
            return _fragments[key]
    drawn = SafeString(draw())
    with _lock:
        _fragments[key] = drawn
        while len(_fragments) > MOST_FRAGMENTS:
            _fragments.popitem(last=False)
    return drawn
