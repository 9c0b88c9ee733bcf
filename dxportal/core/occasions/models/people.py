"""Whose meeting an occasion is, and who was there."""

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from dxportal.core.occasions.enums import AttendanceHow, BodyRole
from dxportal.core.occasions.models.occasion import Occasion

MOST_PERSONS = 9999


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="BodyEvent")
class OccasionBody(models.Model):
    """A body that takes part: an organisation of the prefecture (or a section of it), a group, or one from outside by
    its name. Exactly one of the three."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="bodies", verbose_name="会合")
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="occasion_bodies",
        verbose_name="団体",
    )
    group = models.ForeignKey(
        "organizations.Group",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="occasion_bodies",
        verbose_name="広域グループ",
    )
    name = models.CharField("県外などの団体名", max_length=100, blank=True, default="")
    section = models.CharField("課", max_length=100, blank=True, default="")
    role = models.CharField("立場", max_length=12, choices=BodyRole, default=BodyRole.PARTICIPANT)
    position = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "会合の団体"
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, group__isnull=True, name="")
                | Q(organization__isnull=True, group__isnull=False, name="")
                | (Q(organization__isnull=True, group__isnull=True) & ~Q(name="")),
                name="occasion_body_is_exactly_one",
            ),
            models.UniqueConstraint(
                fields=("occasion", "organization", "section"),
                condition=Q(organization__isnull=False),
                name="occasion_organization_once",
            ),
            models.UniqueConstraint(
                fields=("occasion", "group"), condition=Q(group__isnull=False), name="occasion_group_once"
            ),
            models.UniqueConstraint(
                fields=("occasion", "name", "section"), condition=~Q(name=""), name="occasion_outside_body_once"
            ),
        ]

    def __str__(self):
        called = self.organization.shown if self.organization else self.group or self.name
        return f"{called} {self.section}".strip()


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="AttendanceEvent"
)
class Attendance(models.Model):
    """Somebody who is expected at a planned occasion or was at one that took place.

    A person of the register or with an account, a name, or only how many of a section: guests without account are
    counted by ``section``. ``capacity`` is the code under which a supporter came.
    """

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="attendances", verbose_name="会合")
    # PROTECT: a body that somebody came from is not taken off by mistake; the write function says so.
    body = models.ForeignKey(
        OccasionBody, models.PROTECT, null=True, blank=True, related_name="attendances", verbose_name="団体"
    )
    supporter = models.ForeignKey(
        "people.Supporter",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name="支援者",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name="利用者",
    )
    name = models.CharField("氏名", max_length=100, blank=True, default="")
    capacity = models.CharField("役割のコード", max_length=40, blank=True, default="")
    section = models.CharField("課", max_length=100, blank=True, default="")
    how = models.CharField("参加方法", max_length=10, choices=AttendanceHow, default=AttendanceHow.VENUE)
    persons = models.PositiveSmallIntegerField(
        "人数", default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PERSONS)]
    )
    position = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "出席"
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(persons__gte=1, persons__lte=MOST_PERSONS), name="attendance_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(persons=1) | Q(user__isnull=True, supporter__isnull=True, name=""),
                name="attendance_named_is_one_person",
            ),
            models.UniqueConstraint(
                fields=("occasion", "user"), condition=Q(user__isnull=False), name="attendance_user_once"
            ),
            models.UniqueConstraint(
                fields=("occasion", "supporter"), condition=Q(supporter__isnull=False), name="attendance_supporter_once"
            ),
        ]

    def __str__(self):
        person = self.supporter or self.user
        return self.name or (str(person) if person else f"{self.section} {self.persons}人".strip())
