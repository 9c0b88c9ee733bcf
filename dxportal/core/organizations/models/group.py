import pghistory
from django.db import models

from dxportal.core.organizations.models.organization import Organization
from dxportal.core.organizations.querysets import GroupQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="GroupEvent",
)
class Group(models.Model):
    """A council or joint body (協議会など) of municipalities, across the tree; ``prefecture`` keeps it, ``lead`` calls its meetings."""

    prefecture = models.ForeignKey(Organization, models.PROTECT, related_name="groups", verbose_name="都道府県")
    name = models.CharField("名称", max_length=100)
    lead = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="led_groups", verbose_name="幹事団体"
    )
    members = models.ManyToManyField(Organization, related_name="joined_groups", verbose_name="構成団体")

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = "広域グループ"
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("prefecture", "name"), name="group_name_once")]

    def __str__(self):
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), model_name="GroupMemberEvent")
class GroupMember(Group.members.through):  # type: ignore[name-defined]
    """One member of a group: what Django keeps behind ``members``, by a name under which it is audited."""

    class Meta:
        proxy = True
        verbose_name = "広域グループの構成団体"

    def __str__(self):
        return f"{self.group_id} {self.organization_id}"
