"""Contact persons of organisations: those with an account and those without, in one form."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dxportal.core.accounts.models import Membership
from dxportal.core.organizations.models import Organization
from dxportal.core.people.models import Contact
from dxportal.core.people.querysets import in_force


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """``contact``: the key of an entry without account, which its organisation may change; None for a member."""

    organization: int
    name: str
    section: str
    role: str
    email: str
    first_day: dt.date
    last_day: dt.date | None
    telephone: str = ""
    contact: int | None = None


def contacts_of(organizations: Iterable[Organization | int], *, day: dt.date) -> list[ContactPerson]:
    """Everybody in office on ``day``: by organisation, members first. Two queries, however many organisations."""
    pks = [getattr(organization, "pk", organization) for organization in organizations]
    memberships = Membership.objects.filter(in_force(day), organization__in=pks, user__is_active=True)
    people = [
        ContactPerson(
            organization=row.organization_id,
            name=row.user.name or row.user.email,
            section=row.section,
            role=row.get_role_display(),
            email=row.user.email,
            first_day=row.first_day,
            last_day=row.last_day,
        )
        for row in memberships.select_related("user").order_by("organization", "user__kana", "pk")
    ]
    names = ("name", "section", "role", "email", "first_day", "last_day", "telephone")
    people += [
        ContactPerson(organization=row.organization_id, contact=row.pk, **{name: getattr(row, name) for name in names})
        for row in Contact.objects.on_day(day).filter(organization__in=pks)
    ]
    place = {pk: position for position, pk in enumerate(pks)}
    return sorted(people, key=lambda person: (place[person.organization], person.contact is not None))
