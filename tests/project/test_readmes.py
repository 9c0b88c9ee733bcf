"""Each room's README maps its domain, file by file; the README of the house names every room."""

import re

import pytest

from dxportal.settings import BASE_DIR

PACKAGES = ("dxportal", "assessments", "casestudies", "consultations", "tests")
ROOMS = sorted(path.parent for path in BASE_DIR.glob("*/README.md") if (path.parent / "domain").is_dir())
ROOMS += sorted(path.parent for path in BASE_DIR.glob("dxportal/**/README.md") if (path.parent / "domain").is_dir())


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_readme_names_every_file_of_the_domain(room):
    text = (room / "README.md").read_text(encoding="utf-8")
    files = [path for path in (room / "domain").rglob("*.py") if path.name != "__init__.py"]

    assert [str(path.relative_to(room)) for path in files if path.name not in text] == []


@pytest.mark.parametrize(
    "readme", sorted(BASE_DIR.glob("*/README.md")) + sorted(BASE_DIR.glob("dxportal/**/README.md"))
)
def test_a_readme_names_no_file_that_is_gone(readme):
    named = set(re.findall(r"`[\w/]*?(\w+\.py)`", readme.read_text(encoding="utf-8")))
    there = {path.name for package in PACKAGES for path in (BASE_DIR / package).rglob("*.py")}

    assert named - there == set()


def test_the_map_of_the_house_names_every_room():
    text = (BASE_DIR / "README.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in BASE_DIR.glob("dxportal/core/*/__init__.py")]

    assert [name for name in rooms if f"    {name}/" not in text] == []
