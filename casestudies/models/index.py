from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from casestudies.models.case import Case


class CaseIndex(models.Model):
    """What the search reads of a case, written by ``casestudies.domain.index`` in the change's transaction.

    ``revision`` is the case's at that time: a commit that leaves another one is refused by the database.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="index")
    vector = SearchVectorField()
    revision = models.PositiveIntegerField()

    class Meta:
        verbose_name = "検索の索引"
        indexes = [GinIndex(fields=("vector",), name="case_index_vector")]

    def __str__(self):
        return str(self.case_id)
