"""The shared set of DX areas."""

from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "dxportal.core.taxonomy"
    verbose_name = "分野"
