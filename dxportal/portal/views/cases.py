"""Cases on the portal's pages: those a municipality has taken up, and those that might help it."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casestudies.domain.reading.fit import Reader
from casestudies.domain.reading.recommendations import RecommendedCase, library_mark, recommended
from casestudies.domain.reading.uptake import TakenUp, taken_up
from casestudies.enums import STEPS, UptakeState
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization, Profile
from dxportal.portal.domain.cases import Need, need
from dxportal.portal.domain.karte.joined import Karte
from dxportal.portal.domain.karte.reading import stored_karte
from dxportal.portal.domain.lens import FigureAudience
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.views.common import fragment
from dxportal.portal.views.files import Line

ON_KARTE, AT_HOME = 5, 3
TONES = {
    UptakeState.DONE: "green",
    UptakeState.PREPARING: "purple",
    UptakeState.CONSIDERING: "blue",
    UptakeState.DECLINED: "gray",
}
COLUMNS = ("区分", "事例番号", "題名", "団体", "人口", "状態", "理由・メモ", "更新日時")
UNDER_WAY = (UptakeState.PREPARING, UptakeState.CONSIDERING)


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A case that was taken up; ``tone``: the colour of its state."""

    case: TakenUp
    tone: str


@dataclass(frozen=True, slots=True)
class CasesPart:
    """``taken``: what was taken up; ``suggested``: the drawn part with what might help."""

    taken: list[TakenLine]
    suggested: SafeString


def for_karte(
    user: User, organization: Organization, reading: SnapshotReading | None, audience: FigureAudience
) -> CasesPart:
    """``reading``: of the kind that the person may read; it bounds what reasons can tell."""
    taken = taken_up(organization.pk)
    return CasesPart(taken_lines(taken), suggested(user, organization, reading, audience, taken, ON_KARTE))


def for_home(user: User, reading: SnapshotReading | None, audience: FigureAudience) -> CasesPart:
    """Of the person's own municipality: what is under way, the farthest first."""
    organization = user.acting.organization
    taken = taken_up(organization.pk)
    under_way = sorted(
        (case for case in taken if case.state in UNDER_WAY), key=lambda case: UNDER_WAY.index(case.state)
    )
    return CasesPart(taken_lines(under_way), suggested(user, organization, reading, audience, taken, AT_HOME))


def taken_lines(taken: list[TakenUp]) -> list[TakenLine]:
    return [TakenLine(case, TONES[case.state]) for case in taken]


def suggested(
    user: User,
    organization: Organization,
    reading: SnapshotReading | None,
    audience: FigureAudience,
    taken: list[TakenUp],
    limit: int,
) -> SafeString:
    """Drawn once for a karte, a library and what was taken up: another of any of them draws it anew."""
    # Only one's own prefecture's people open a karte, so that they search the same library.
    ids = tuple(sorted(case.source_id for case in taken))
    population = None if reading else last_population(organization.pk)

    def draw() -> str:
        karte = stored_karte(reading, public=audience.public) if reading else None
        suggestions, reasons = suggestions_for(user, organization, karte, population, ids, limit)
        context = {"cases": suggestions, "need": reasons, "town": organization}
        return render_to_string("portal/_cases_suggested.html", context)

    parameters = (organization.pk, limit, population, ids, library_mark(user))
    return fragment("cases", reading, audience.mark, *parameters, draw=draw)


def suggestions_for(
    user: User,
    organization: Organization,
    karte: Karte | None,
    population: int | None,
    taken: tuple[str, ...],
    limit: int,
) -> tuple[list[RecommendedCase], Need]:
    """With the scores that they rest on; ``population`` where no karte tells it."""
    reasons = need(karte.entries, STEPS) if karte else Need()
    people = karte.town.population if karte else population
    reader = Reader(people, organization.municipality_kind, organization.prefecture.name)
    # The reader's own prefecture: a town before theirs may have been another one's.
    prefecture = user.acting.organization.prefecture_id
    return recommended(prefecture, organization.pk, reader, reasons.weaknesses, taken, limit), reasons


def sheet_lines(user: User, organization: Organization, karte: Karte) -> list[Line]:
    """As ``COLUMNS``: what was taken up, then what might help."""
    taken = taken_up(organization.pk)
    ids = tuple(case.source_id for case in taken)
    suggestions, _ = suggestions_for(user, organization, karte, None, ids, ON_KARTE)
    kept: list[Line] = [
        ("参考にしている", case.source_id, case.title, "", None, case.state.label, case.note, case.updated_at)
        for case in taken
    ]
    return kept + [
        ("参考になる", case.source_id, case.title, case.place, case.population, "", case.reason, None)
        for case in suggestions
    ]


def last_population(organization_id: int) -> int | None:
    rows = Profile.objects.filter(organization=organization_id).order_by("-fiscal_year")
    return rows.values_list("population", flat=True).first()
