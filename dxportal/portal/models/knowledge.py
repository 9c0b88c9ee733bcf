from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Knowledge(models.Model):
    """What towns can learn from each other, as one table to search: a view over the index rows of cases and of released
    topics. It stores nothing, and says nothing of who may see a row. ``facets`` tell besides of which kind it is.
    """

    key = models.BigIntegerField(primary_key=True)
    vector = SearchVectorField()
    facets = ArrayField(models.TextField())
    populations = ArrayField(models.IntegerField())
    kinds = ArrayField(models.TextField())
    prefectures = ArrayField(models.TextField())
    year = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = "知見"
        managed = False
        db_table = "portal_knowledge"

    def __str__(self):
        return str(self.key)


class KnowledgeWord(models.Model):
    """The words of those rows, of either index."""

    word = models.TextField(primary_key=True)
    reading = models.TextField()
    is_katakana = models.BooleanField()
    is_name = models.BooleanField()

    class Meta:
        verbose_name = "知見の語"
        managed = False
        db_table = "portal_knowledge_word"

    def __str__(self):
        return self.word
