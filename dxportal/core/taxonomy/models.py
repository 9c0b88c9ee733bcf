from django.contrib.postgres.fields import ArrayField
from django.db import models

from dxportal.core.taxonomy.enums import Vocabulary


class Area(models.Model):
    """A DX area: the one set that questions, cases, sessions and trainings share.

    ``other_names`` are those of earlier days and of documents: files that are read may use them, screens never do.
    """

    code = models.SlugField("コード", unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    other_names = ArrayField(models.CharField(max_length=60), verbose_name="別名・旧名称", blank=True, default=list)
    description = models.TextField("説明", blank=True, default="")
    sort_order = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "分野"
        ordering = ("sort_order", "code")

    def __str__(self):
        return self.name


class Term(models.Model):
    """A word of one of the closed vocabularies; ``source`` names the document and page it comes from.

    ``other_names`` as for an area.
    """

    vocabulary = models.CharField("語彙", max_length=10, choices=Vocabulary)
    code = models.SlugField("コード", unique=True)
    name = models.CharField("名称", max_length=80)
    other_names = ArrayField(models.CharField(max_length=80), verbose_name="別名・旧名称", blank=True, default=list)
    description = models.TextField("説明", blank=True, default="")
    source = models.CharField("出典", max_length=200, blank=True, default="")
    sort_order = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "用語"
        ordering = ("vocabulary", "sort_order", "code")
        constraints = [models.UniqueConstraint(fields=("vocabulary", "name"), name="term_name_once_in_vocabulary")]

    def __str__(self):
        return self.name
