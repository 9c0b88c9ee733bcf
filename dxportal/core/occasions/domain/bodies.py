"""The bodies of occasions, each under its name of the day on which the occasion is."""

from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils import timezone

from dxportal.core.occasions.models import Occasion, OccasionBody
from dxportal.core.organizations.domain.chains import recall


def with_bodies(path: str = "bodies") -> Prefetch:
    """Bodies with their names. Each has an organisation of its own: on two days the same one may be called otherwise."""
    return Prefetch(path, OccasionBody.objects.select_related("organization", "group__lead"))


def recall_bodies(occasions: Iterable[Occasion]) -> None:
    """Lets each body say what it was on the day of its occasion, and what stands there now. Needs ``with_bodies``."""
    today = timezone.localdate()
    recall(
        # What is still to come is called as it is today.
        (body.organization, min(occasion.day, today))
        for occasion in occasions
        for body in occasion.bodies.all()
        if body.organization
    )
