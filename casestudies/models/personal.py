from django.conf import settings
from django.db import models

from casestudies.models.case import Case
from casestudies.querysets import PersonalQuerySet


class Bookmark(models.Model):
    """A case that a person keeps at hand, with a note for the meeting."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_bookmarks", verbose_name="利用者"
    )
    case = models.ForeignKey(Case, models.CASCADE, related_name="bookmarks", verbose_name="事例")
    note = models.CharField("メモ", max_length=400, blank=True, default="")
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = "ブックマーク"
        ordering = ("-created_at", "-pk")
        constraints = [models.UniqueConstraint(fields=("user", "case"), name="bookmark_once")]

    def __str__(self):
        return f"{self.user_id} {self.case_id}"


class SavedSearch(models.Model):
    """A search by name; ``query`` is the address's query string."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_case_searches", verbose_name="利用者"
    )
    name = models.CharField("名前", max_length=80)
    query = models.TextField("条件")
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = "保存した検索"
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint(fields=("user", "name"), name="saved_search_name_once")]

    def __str__(self):
        return self.name
