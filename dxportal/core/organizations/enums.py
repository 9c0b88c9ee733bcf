"""Kinds of organisation."""

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
