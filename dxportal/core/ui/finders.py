"""Serves plotly.js out of the installed ``plotly`` wheel as ``vendor/plotly.min.js``; no copy in the repository."""

import importlib.util
from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "vendor"
FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds one file without importing plotly, which takes most of a second."""

    def __init__(self, app_names=None, *args, **kwargs):
        spec = importlib.util.find_spec("plotly")
        self.folder = Path(spec.submodule_search_locations[0]) / "package_data"
        self.storage = FileSystemStorage(location=self.folder)
        self.storage.prefix = PREFIX

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        found = [str(self.folder / FILE)] if path == f"{PREFIX}/{FILE}" else []
        return found if find_all else (found[0] if found else None)

    def list(self, ignore_patterns):
        yield FILE, self.storage
