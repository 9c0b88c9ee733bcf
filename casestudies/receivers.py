"""What the library does on news of others."""

from typing import Any

from django.db.models.signals import post_save

from casestudies.domain import loading
from dxportal.core.organizations.models import Organization


def organization_saved(sender: Any, instance: Organization, **news: Any) -> None:
    """A municipality that came in, or got its right name, may be one that a case names."""
    loading.link([instance])


def connect() -> None:
    post_save.connect(organization_saved, sender=Organization, dispatch_uid="casestudies.organization_saved")
