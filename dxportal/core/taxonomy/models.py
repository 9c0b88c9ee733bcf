from django.db import models


class Area(models.Model):
    """A DX area: the one set that questions, cases, sessions and trainings share."""

    code = models.SlugField("コード", unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    description = models.TextField("説明", blank=True, default="")
    sort_order = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "分野"
        ordering = ("sort_order", "code")

    def __str__(self):
        return self.name
