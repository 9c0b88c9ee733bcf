from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from casestudies.models.case import Case


class CaseIndex(models.Model):
    """What the search reads of a case, written by ``casestudies.domain.search.index`` in the change's transaction.

    ``revision`` is the case's at that time: a commit that leaves another one is refused by the database.
    ``facets`` are "facet:value"; ``populations`` and ``kinds`` go side by side, one each for a main organisation
    (−1 where the population is not known).
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="index")
    vector = SearchVectorField()
    facets = ArrayField(models.TextField(), default=list)
    populations = ArrayField(models.IntegerField(), default=list)
    kinds = ArrayField(models.TextField(), default=list)
    prefectures = ArrayField(models.TextField(), default=list)
    year = models.PositiveSmallIntegerField(null=True)
    revision = models.PositiveIntegerField()

    class Meta:
        verbose_name = "検索の索引"
        indexes = [GinIndex(fields=("vector",), name="case_index_vector")]

    def __str__(self):
        return str(self.case_id)


class IndexedWord(models.Model):
    """A word or name that stands in some case, so that what is misspelt can be put right.

    ``reading`` is in katakana. Says nothing of who may see the case: whoever shows a word looks for it first.
    """

    word = models.TextField(primary_key=True)
    reading = models.TextField()
    is_katakana = models.BooleanField(default=False)
    is_name = models.BooleanField(default=False)

    class Meta:
        verbose_name = "索引の語"
        indexes = [
            models.Index(fields=("reading",), name="indexed_word_reading"),
            models.Index(fields=("word",), name="indexed_word_katakana", condition=models.Q(is_katakana=True)),
        ]

    def __str__(self):
        return self.word
