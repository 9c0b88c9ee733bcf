from django.db import models

from dxportal.portal.querysets import SnapshotQuerySet


class Snapshot(models.Model):
    """Figures of one page or of a part of it, computed by a job and read as one row.

    ``kind`` names the figures, ``key`` of what they are (a survey, a municipality); ``format`` which version of their
    dataclass wrote them: a row of an older one is computed anew before it is read.
    """

    prefecture = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="snapshots")
    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("種類", max_length=40)
    key = models.CharField("対象", max_length=100, blank=True, default="")
    data = models.JSONField("内容")
    computed_at = models.DateTimeField("計算日時")
    stale_at = models.DateTimeField("元データの更新日時", null=True, blank=True)
    source_digest = models.CharField("元データのダイジェスト", max_length=64, blank=True, default="")
    format = models.PositiveSmallIntegerField("形式の版", default=1, db_default=1)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "集計結果"
        constraints = [models.UniqueConstraint(fields=("prefecture", "kind", "key"), name="snapshot_once")]

    def __str__(self):
        return f"{self.kind}:{self.key}"
