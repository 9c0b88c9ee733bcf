from django.db import models


class SentForm(models.Model):
    """A form that made something, and where its answer led. Kept for a week."""

    key = models.CharField(max_length=64, primary_key=True)
    location = models.TextField(default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "送信済みフォーム"

    def __str__(self):
        return self.location
