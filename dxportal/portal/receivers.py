"""Asks for new figures when something that they show changes. The assessments' signals are sent after the commit."""

from typing import Any

from django.db.models.signals import post_save

from assessments import signals
from assessments.enums import HANDED_IN_STATES
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization, Profile
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
        town_saved(instance.pk)


def profile_saved(sender: Any, instance: Profile, **news: Any) -> None:
    town_saved(instance.organization_id)


def town_saved(town_id: int) -> None:
    """A municipality without figures has none to renew."""
    # Of other prefectures, too: a group's survey has members from beyond the border.
    prefectures = Snapshot.objects.filter(organization=town_id).values_list("prefecture_id", flat=True).distinct()
    for prefecture_id in prefectures:
        schedule_town(prefecture_id, town_id)


def connect() -> None:
    # With a dispatch_uid each: whoever loads the app twice (the test runner, a reload) still asks once.
    signals.response_moved.connect(response_moved, dispatch_uid="portal.response_moved")
    signals.survey_changed.connect(survey_changed, dispatch_uid="portal.survey_changed")
    signals.tiers_changed.connect(survey_changed, dispatch_uid="portal.tiers_changed")
    post_save.connect(organization_saved, Organization, dispatch_uid="portal.organization_saved")
    post_save.connect(profile_saved, Profile, dispatch_uid="portal.profile_saved")
