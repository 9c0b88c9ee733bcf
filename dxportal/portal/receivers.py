"""Asks for new figures when something that they show changes. The assessments' signals are sent after the commit."""

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save

from assessments import signals
from assessments.enums import HANDED_IN_STATES
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization, Profile, Succession
from dxportal.core.organizations.successions import with_predecessors
from dxportal.portal.domain.snapshots.schedule import schedule_responses, schedule_survey, schedule_town
from dxportal.portal.models import Snapshot


def response_moved(sender: Any, survey_id: int, from_state: str, to_state: str, **news: Any) -> None:
    """Only responses handed in are counted: moves below that change no figure."""
    # Both ends: taking back leaves the states that count, handing in enters them.
    if HANDED_IN_STATES & {from_state, to_state}:
        schedule_responses(survey_id)


def survey_changed(sender: Any, survey_id: int, **news: Any) -> None:
    schedule_survey(survey_id)


def organization_saved(sender: Any, instance: Organization, **news: Any) -> None:
    if instance.kind == OrganizationKind.MUNICIPALITY:
        itself = Organization.objects.filter(pk=instance.pk).values("pk")
        # Figures of those in whose place it stands name it beside them.
        for town in Organization.objects.filter(pk__in=with_predecessors(itself)).values_list("pk", flat=True):
            town_saved(town)


def succession_changed(sender: Any, instance: Succession, **news: Any) -> None:
    """Figures of the one that ended name who followed, or no longer do."""
    town_saved(instance.predecessor_id)


def profile_saved(sender: Any, instance: Profile, **news: Any) -> None:
    town_saved(instance.organization_id)


def town_saved(town_id: int) -> None:
    """A prefecture without figures has none to renew; in one that has some, a new municipality gets a karte."""
    # Of other prefectures, too: a group's survey has members from beyond the border.
    own = Organization.objects.filter(pk=town_id).values("prefecture")
    prefectures = Snapshot.objects.filter(Q(organization=town_id) | Q(prefecture__in=own))
    for prefecture_id in prefectures.order_by().values_list("prefecture_id", flat=True).distinct():
        schedule_town(prefecture_id, town_id)


def connect() -> None:
    # With a dispatch_uid each: whoever loads the app twice (the test runner, a reload) still asks once.
    signals.response_moved.connect(response_moved, dispatch_uid="portal.response_moved")
    signals.survey_changed.connect(survey_changed, dispatch_uid="portal.survey_changed")
    signals.tiers_changed.connect(survey_changed, dispatch_uid="portal.tiers_changed")
    post_save.connect(organization_saved, Organization, dispatch_uid="portal.organization_saved")
    post_save.connect(succession_changed, Succession, dispatch_uid="portal.succession_saved")
    post_delete.connect(succession_changed, Succession, dispatch_uid="portal.succession_deleted")
    post_save.connect(profile_saved, Profile, dispatch_uid="portal.profile_saved")
