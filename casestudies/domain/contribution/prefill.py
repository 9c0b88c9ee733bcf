"""Who a person writes cases for, with the newest figures: what the form of a new case starts with."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from casestudies.domain.content import OrganizationPart
from casestudies.enums import PlaceKind
from dxportal.core.accounts.enums import Role
from dxportal.core.kana import to_hiragana
from dxportal.core.organizations.models import Organization, Profile


@dataclass(frozen=True, slots=True)
class FormHome:
    """An organisation that the person may begin with."""

    pk: int
    place: OrganizationPart


def homes(user) -> list[FormHome]:
    """The own organisation; for a consultant the municipalities in charge."""
    if user.acting is None:
        return []
    wanted = Organization.objects.filter(pk=user.acting.organization_id)
    if user.role == Role.CONSULTANT:
        wanted = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return places(list(wanted.select_related("prefecture")))


def places(rows: Sequence[Organization]) -> list[FormHome]:
    """Organisations as a case names them, with their newest figures. One query."""
    known = Profile.objects.filter(organization__in=rows, population__isnull=False).order_by(
        "organization", "fiscal_year"
    )
    newest = {profile.organization_id: profile for profile in known}  # the last one stays
    named = []
    for organization in rows:
        profile = newest.get(organization.pk)
        other = PlaceKind.PREFECTURE if organization.kind == "prefecture" else PlaceKind.OTHER
        place = OrganizationPart(
            name=organization.name,
            kana=to_hiragana(organization.kana),
            prefecture=organization.prefecture.name if organization.prefecture else "",
            kind=organization.municipality_kind or other,
            population=profile.population if profile else None,
            population_date=profile.population_date if profile else None,
            staff=profile.staff if profile else None,
        )
        named.append(FormHome(organization.pk, place))
    return named
