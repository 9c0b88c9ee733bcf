"""The closed lists of words beside the areas."""

from django.db import models


class Vocabulary(models.TextChoices):
    """What a term belongs to. ``LAYER`` to ``MINDSET`` come from the 地域社会DX事例集 (document 003)."""

    FIELD = "field", "取組の区分"
    LAYER = "layer", "リファレンスモデルの層"
    OUTCOME = "outcome", "アウトカム"
    MINDSET = "mindset", "マインドセット"
