"""Serves plotly.js out of the installed ``plotly`` wheel as ``vendor/plotly.min.js``; no copy in the repository."""

import importlib.util
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

PREFIX = "vendor"
FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds one file without importing plotly, which takes most of a second."""

    def __init__(self, app_names=None, *args, **kwargs):
        spec = importlib.util.find_spec("plotly")
        if spec is None or not spec.submodule_search_locations:
            raise ImproperlyConfigured("The package plotly is not installed; its script draws the charts.")
        self.folder = Path(next(iter(spec.submodule_search_locations))) / "package_data"
        storage: Any = FileSystemStorage(location=self.folder)
        storage.prefix = PREFIX
        self.storage = storage

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        match = str(self.folder / FILE) if path == f"{PREFIX}/{FILE}" else None
        if find_all:
            return [match] if match else []
        return match

    def list(self, ignore_patterns):
        yield FILE, self.storage
