"""Cases of the library for topics of the consultations, of which neither app knows the other."""

from collections.abc import Collection
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse

from casestudies.models import Case
from consultations.domain.topics import cases
from consultations.domain.topics.cases import CaseTeller, LinkedCase
from dxportal.core.accounts.models import User
from dxportal.core.links import absolute


def register() -> None:
    cases.register("casestudies", CaseTeller(titles, find))


def titles(user: User, keys: Collection[int]) -> dict[int, LinkedCase]:
    """Of those that the person may open."""
    rows = Case.objects.for_user(user).filter(pk__in=keys).values_list("pk", "source_id", "title")
    return {pk: LinkedCase(title, reverse("casestudies:detail", args=[source_id])) for pk, source_id, title in rows}


def find(user: User, address: str) -> int | None:
    """The case that an address of this portal means, with the host or without; None where the person may not open it."""
    try:
        parts = urlsplit(address)
        if parts.netloc and f"{parts.scheme}://{parts.netloc}" != absolute("").rstrip("/"):
            return None
        match = resolve(parts.path)
    except (ValueError, Resolver404):  # no address at all, or none of this portal's
        return None
    if match.view_name != "casestudies:detail":
        return None
    return Case.objects.for_user(user).filter(**match.kwargs).values_list("pk", flat=True).first()
