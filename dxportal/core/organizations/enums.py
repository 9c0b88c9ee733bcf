"""Kinds of organisation, and what happens to one in its life."""

from django.db import models


class OrganizationKind(models.TextChoices):
    PREFECTURE = "prefecture", "都道府県"
    BUREAU = "bureau", "振興局"
    MUNICIPALITY = "municipality", "市区町村"


class MunicipalityKind(models.TextChoices):
    CITY = "city", "市"
    TOWN = "town", "町"
    VILLAGE = "village", "村"
    WARD = "ward", "特別区"


class LifeEvent(models.TextChoices):
    """What changed an organisation: a merger ends rows, the others keep the row under a new name or code."""

    MERGER = "merger", "合併・編入"
    SPLIT = "split", "分割・区の再編"
    CITY = "city", "市制・町制施行"
    DESIGNATED = "designated", "政令指定都市への移行"
    RENAMED = "renamed", "名称変更"
    RECODED = "recoded", "団体コードの変更"
    MOVED = "moved", "所管の振興局の変更"
    ABOLISHED = "abolished", "廃止"
