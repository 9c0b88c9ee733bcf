"""Cases on the portal's pages: those a municipality has taken up, and those that might help it."""

from typing import Any

from django.template.loader import render_to_string

from casestudies.domain.reading.recommendations import RecommendedCase, library_mark, recommended
from casestudies.domain.reading.uptake import TakenUp, taken_up
from casestudies.enums import UptakeState
from dxportal.core.organizations.models import Organization, Profile
from dxportal.portal.domain.cases import Need, need, reader
from dxportal.portal.models import Snapshot
from dxportal.portal.views.common import fragment

Data = dict[str, Any]
ON_KARTE, AT_HOME = 5, 3
TONES = {
    UptakeState.DONE: "green",
    UptakeState.PREPARING: "purple",
    UptakeState.CONSIDERING: "blue",
    UptakeState.DECLINED: "gray",
}
COLUMNS = ("区分", "事例番号", "題名", "団体", "人口", "状態", "理由・メモ", "更新日時")
UNDER_WAY = (UptakeState.PREPARING, UptakeState.CONSIDERING)


def for_karte(user, organization: Organization, row: Snapshot | None) -> Data:
    """``row``: of the kind that the person may read; it bounds what reasons can tell."""
    taken = taken_up(organization.pk)
    return {"taken": taken_rows(taken), "told": told(user, organization, row, taken, ON_KARTE)}


def for_home(user, row: Snapshot | None) -> Data:
    """Of the person's own municipality: what is under way, the farthest first."""
    organization = user.acting.organization
    taken = taken_up(organization.pk)
    going = sorted(taken_rows([one for one in taken if one.state in UNDER_WAY]), key=_how_far)
    return {"going": going, "told": told(user, organization, row, taken, AT_HOME)}


def _how_far(one: Data) -> int:
    return UNDER_WAY.index(one["case"].state)


def taken_rows(taken: list[TakenUp]) -> list[Data]:
    return [{"case": one, "tone": TONES[one.state]} for one in taken]


def told(user, organization: Organization, row: Snapshot | None, taken: list[TakenUp], limit: int) -> str:
    """Drawn once for a row, a library and what was taken up: another of any of them draws it anew."""
    # Only one's own prefecture's people open a karte, so that they search the same library.
    ids = tuple(sorted(one.source_id for one in taken))
    known = (row.pk, row.source_digest) if row else (None, last_population(organization.pk))
    key = ("cases", organization.pk, limit, *known, ids, user.acting.organization.prefecture_id, library_mark(user))
    return fragment(key, lambda: _draw(user, organization, row, ids, limit))


def _draw(user, organization: Organization, row: Snapshot | None, taken: tuple[str, ...], limit: int) -> str:
    found, wanted = suggestions(user, organization, row, taken, limit)
    return render_to_string("portal/_cases_told.html", {"cases": found, "need": wanted, "town": organization})


def suggestions(
    user, organization: Organization, row: Snapshot | None, taken: tuple[str, ...], limit: int
) -> tuple[list[RecommendedCase], Need]:
    """With the scores that they rest on."""
    wanted = need(row.data["entries"]) if row else Need()
    population = row.data["town"]["population"] if row else last_population(organization.pk)
    own = reader(organization, population)
    return recommended(user, organization.pk, own, wanted.weaknesses, taken, limit), wanted


def sheet_rows(user, row: Snapshot) -> list[tuple]:
    """As ``COLUMNS``: what was taken up, then what might help."""
    taken = taken_up(row.organization_id)
    found, _ = suggestions(user, row.organization, row, tuple(one.source_id for one in taken), ON_KARTE)
    kept = [
        ("参考にしている", one.source_id, one.title, "", None, one.state.label, one.note, one.updated_at)
        for one in taken
    ]
    told = [("参考になる", one.source_id, one.title, one.place, one.population, "", one.reason, None) for one in found]
    return [*kept, *told]


def last_population(organization_id: int) -> int | None:
    rows = Profile.objects.filter(organization=organization_id).order_by("-fiscal_year")
    return rows.values_list("population", flat=True).first()
