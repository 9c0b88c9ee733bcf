"""The yearly survey of the towns about the support: asking, saying, and reading it together."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.portal.domain.report.content import SUBJECTS, Voice
from dxportal.portal.models import SupportSurvey, SupportVoice

NOT_ASKED = "いま受け付けている調査はありません。県が調査を始めると、ここで回答できます。"
CLOSED = "受付は終わりました。直したいときは県に連絡してください。"
OVERTAKEN = "入力中に同じ団体のほかの人が回答しました。"


def newest_survey(user: User) -> SupportSurvey | None:
    return SupportSurvey.objects.for_user(user).order_by("-fiscal_year").first()


def is_open(survey: SupportSurvey) -> bool:
    """Until the end of its day in Japan."""
    return timezone.localdate() <= survey.closes_on


def ask_towns(year: int, closes_on: dt.date, *, user: User) -> SupportSurvey:
    """Begins the year's survey, or gives it another last day. PermissionDenied; NotPossible for a day gone by."""
    if user.role not in OFFICE_ROLES:
        raise PermissionDenied
    if closes_on < timezone.localdate():
        raise NotPossible({"closes_on": "締切日は今日以降の日にしてください。"}, code="past")
    keys = {"prefecture_id": user.acting.organization_id, "fiscal_year": year}
    return SupportSurvey.objects.update_or_create(**keys, defaults={"closes_on": closes_on})[0]


def own_voice(survey: SupportSurvey, user: User) -> SupportVoice | None:
    return SupportVoice.objects.editable_by(user).filter(survey=survey).first()


def texts_of(voice: SupportVoice | None) -> dict[str, str]:
    return {subject: getattr(voice, subject) if voice else "" for subject in SUBJECTS}


def say(survey_id: int, texts: Mapping[str, str], *, revision: int, user: User) -> SupportVoice:
    """What the person's town says, over what the person saw (``revision`` 0: nothing); the same again changes nothing.

    PermissionDenied; NotPossible after the last day, or where nothing is said; Overtaken with the row as it is now.
    """
    if not user.is_answering:
        raise PermissionDenied
    with transaction.atomic():
        survey = SupportSurvey.objects.for_user(user).filter(pk=survey_id).first()
        if survey is None:
            raise PermissionDenied
        if not is_open(survey):
            raise NotPossible(CLOSED, code="closed")
        if not any(texts.values()):
            raise NotPossible("どれか一つに入力してください。", code="empty")
        # The town is locked, since its row may not be there yet: of two at once the second sees the first's.
        town = Organization.objects.select_for_update(no_key=True).get(pk=user.acting.organization_id)
        voice = SupportVoice.objects.filter(survey=survey, organization=town).first()
        if voice is not None and texts_of(voice) == dict(texts):
            return voice
        if (voice.revision if voice else 0) != revision:
            raise Overtaken(OVERTAKEN, voice)
        voice = voice or SupportVoice(survey=survey, organization=town, revision=0)
        for subject, text in texts.items():
            setattr(voice, subject, text)
        voice.revision += 1
        voice.by_name = user.name
        voice.save()
    return voice


def voices_of(user: User, year: int, *, named: bool) -> list[Voice]:
    """All that the person may read of a year; one query."""
    rows = SupportVoice.objects.for_user(user).filter(survey__fiscal_year=year).select_related("organization")
    rows = rows.order_by("organization__sort_order", "organization__code", "pk")
    return [
        Voice(subject, text, row.organization.name if named else "")
        for row in rows
        for subject, text in texts_of(row).items()
        if text
    ]
