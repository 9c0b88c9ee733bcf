"""Actions to test with, and asking for the pages of the consultations as a person."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from consultations.domain.actions import write
from consultations.models import Action


def day(distance: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=distance)


def content(title="先行団体を紹介する", due=7, **values) -> write.ActionContent:
    return write.ActionContent(**({"title": title, "bearer": "prefecture", "due_day": day(due)} | values))


def an_action(town, user, title="先行団体を紹介する", due=7, **values) -> Action:
    return write.create(town.pk, content(title, due, **values), user=user)


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"consultations:{name}", args=args), query)


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"consultations:{name}", args=args), data)
