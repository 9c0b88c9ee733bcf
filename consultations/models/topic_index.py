from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from consultations.models.topic import Topic

# Topics are searched together with the cases of the library, whose keys are their own numbers.
FIRST_KEY = 1_000_000_000_000


class TopicIndex(models.Model):
    """What the search reads of a released topic, written by ``consultations.domain.topics.index``.

    Of the summary alone: title, remarks, record and memo never come here. Other topics have no row. ``key`` is the
    topic's number from FIRST_KEY on. ``facets`` are "facet:value"; ``populations`` (−1 where it is not known), ``kinds``
    and ``prefectures`` are those of the one town, in the columns of the library's index. ``digest``: of the summary that
    was indexed, by which the database refuses a commit with another one.
    """

    topic = models.OneToOneField(Topic, models.CASCADE, primary_key=True, related_name="index")
    key = models.BigIntegerField(unique=True)
    vector = SearchVectorField()
    facets = ArrayField(models.TextField(), default=list)
    populations = ArrayField(models.IntegerField(), default=list)
    kinds = ArrayField(models.TextField(), default=list)
    prefectures = ArrayField(models.TextField(), default=list)
    year = models.PositiveSmallIntegerField(null=True)
    digest = models.CharField(max_length=32)

    class Meta:
        verbose_name = "論点の索引"
        indexes = [GinIndex(fields=("vector",), name="topic_index_vector")]

    def __str__(self):
        return str(self.topic_id)


class TopicWord(models.Model):
    """A word or name that stands in some released summary, so that what is misspelt can be put right.

    ``reading`` is in katakana. Says nothing of who may see the topic: whoever shows a word looks for it first.
    """

    word = models.TextField()
    reading = models.TextField()
    is_katakana = models.BooleanField(default=False)
    is_name = models.BooleanField(default=False)

    class Meta:
        verbose_name = "論点の索引の語"
        constraints = [models.UniqueConstraint(fields=("word", "is_name"), name="topic_word_once")]
        indexes = [
            models.Index(fields=("reading",), name="topic_word_reading"),
            models.Index(fields=("word",), name="topic_word_katakana", condition=models.Q(is_katakana=True)),
        ]

    def __str__(self):
        return self.word
