import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.enums import SHELF_TONES, ShelfKind, ShelfMove, ShelfState
from consultations.querysets import ShelfQuerySet
from dxportal.core.files.models import AttachedBytes, AttachedFile
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.models import MoveLog


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision", "created_at", "updated_at"],
    model_name="ShelfItemEvent",
)
class ShelfItem(models.Model):
    """A template or manual for all towns of a prefecture, with its files in versions.

    ``organization``: the town that offers it; None is the supporting side. ``group``: the council that approves it after
    the bodies of its agreements; without either it needs nobody's. Changes only through ``consultations.domain.shelf``;
    ``revision`` counts changes of content and refuses stale writes.
    """

    prefecture = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="都道府県"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shelf_items",
        verbose_name="提供した団体",
    )
    kind = models.CharField("種類", max_length=15, choices=ShelfKind)
    title = models.CharField("題名", max_length=120)
    description = models.TextField("説明", blank=True, default="")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分野")
    group = models.ForeignKey(
        "organizations.Group", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承認する会"
    )
    state = models.CharField("状態", max_length=12, choices=ShelfState, default=ShelfState.DRAFT)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="差し替えた資料"
    )
    released_at = models.DateTimeField("公開日時", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登録者"
    )
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = ShelfQuerySet.as_manager()

    class Meta:
        verbose_name = "ひな形・手引き"
        ordering = ("-released_at", "-pk")
        indexes = [models.Index(fields=("prefecture", "state"), name="shelf_item_of_prefecture")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False), name="shelf_released_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(successor__isnull=False), name="shelf_superseded_has_successor"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def tone(self) -> str:
        return SHELF_TONES[ShelfState(self.state)]


class ShelfTransition(MoveLog):
    """One move of an item, with who and the reason."""

    item = models.ForeignKey(ShelfItem, models.CASCADE, related_name="transitions", verbose_name="資料")
    move = models.CharField("操作", max_length=10, choices=ShelfMove)
    from_state = models.CharField("前の状態", max_length=12, choices=ShelfState)
    to_state = models.CharField("後の状態", max_length=12, choices=ShelfState)

    class Meta:
        verbose_name = "資料の経過"
        ordering = ("-at", "-pk")

    def __str__(self):
        return f"{self.item_id} {self.move}"


class ShelfAgreement(models.Model):
    """A body whose agreement an item needs, and since when it has it. Asked anew each time that the item goes round."""

    item = models.ForeignKey(ShelfItem, models.CASCADE, related_name="agreements", verbose_name="資料")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="合意を求める団体"
    )
    agreed_at = models.DateTimeField("合意した日時", null=True, blank=True)
    by_name = models.CharField("氏名", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "資料への合意"
        ordering = ("item", "organization__sort_order", "pk")
        constraints = [models.UniqueConstraint(fields=("item", "organization"), name="shelf_agreement_once")]

    def __str__(self):
        return f"{self.item_id}:{self.organization_id}"


class ShelfVersion(models.Model):
    """The files of an item as of one day; the newest is the one to take."""

    item = models.ForeignKey(ShelfItem, models.CASCADE, related_name="versions", verbose_name="資料")
    number = models.PositiveSmallIntegerField("第何版")
    note = models.CharField("変わったところ", max_length=300, blank=True, default="")
    created_by_name = models.CharField("登録者", max_length=100, blank=True, default="")
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        verbose_name = "資料の版"
        ordering = ("item", "-number")
        constraints = [models.UniqueConstraint(fields=("item", "number"), name="shelf_version_once")]

    def __str__(self):
        return f"{self.item_id} 第{self.number}版"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "version", "name", "size", "digest"],
    model_name="ShelfFileEvent",
)
class ShelfFile(AttachedFile):
    version = models.ForeignKey(ShelfVersion, models.CASCADE, related_name="attachments", verbose_name="資料の版")

    class Meta:
        verbose_name = "資料のファイル"
        ordering = ("version", "pk")


class ShelfFileContent(AttachedBytes):
    attachment = models.OneToOneField(ShelfFile, models.CASCADE, primary_key=True, related_name="content")

    class Meta:
        verbose_name = "資料のファイルの内容"


class ShelfTaking(models.Model):
    """A body that took a version: the first time."""

    version = models.ForeignKey(ShelfVersion, models.CASCADE, related_name="takings", verbose_name="資料の版")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="受け取った団体"
    )
    by_name = models.CharField("氏名", max_length=100, blank=True, default="")
    at = models.DateTimeField("受け取った日時", auto_now_add=True)

    class Meta:
        verbose_name = "資料の受取り"
        ordering = ("-at", "-pk")
        constraints = [models.UniqueConstraint(fields=("version", "organization"), name="shelf_taken_once")]

    def __str__(self):
        return f"{self.version_id}:{self.organization_id}"
