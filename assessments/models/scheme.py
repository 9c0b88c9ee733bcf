from django.db import models
from django.db.models import Q


class Scheme(models.Model):
    """Versioned rules as data; the pure dataclass of the same name in ``domain`` reads ``data``."""

    code = models.SlugField("コード")
    version = models.PositiveSmallIntegerField("版")
    title = models.CharField("名称", max_length=100)
    data = models.JSONField("内容")
    is_default = models.BooleanField("既定", default=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("code", "-version")

    def __str__(self):
        return f"{self.title} 第{self.version}版"


class TierScheme(Scheme):
    class Meta(Scheme.Meta):
        verbose_name = "分類基準"
        constraints = [
            models.UniqueConstraint(fields=("code", "version"), name="tier_scheme_version_once"),
            models.UniqueConstraint(
                fields=("is_default",), condition=Q(is_default=True), name="tier_scheme_one_default"
            ),
        ]


class PriorityScheme(Scheme):
    class Meta(Scheme.Meta):
        verbose_name = "優先度基準"
        constraints = [
            models.UniqueConstraint(fields=("code", "version"), name="priority_scheme_version_once"),
            models.UniqueConstraint(
                fields=("is_default",), condition=Q(is_default=True), name="priority_scheme_one_default"
            ),
        ]
