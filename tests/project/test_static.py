"""Styles and scripts: one folder a room, and every address in a template leads to a file."""

import re

from django.conf import settings
from django.contrib.staticfiles import finders

ROOMS = {"assessments", "casestudies", "consultations", "occasions", "portal", "ui"}
STATIC = settings.BASE_DIR / "static"


def test_there_is_one_folder_a_room_and_nothing_beside():
    assert {path.name for path in STATIC.iterdir()} == ROOMS


def test_what_a_template_loads_is_there_and_what_is_there_is_loaded():
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    loaded = {name for page in pages for name in re.findall(r"""{% static ["']([^"']+)["']""", page.read_text("utf-8"))}

    assert [name for name in sorted(loaded) if finders.find(name) is None] == []
    own = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    assert own - loaded == set()
