"""docs/glossary.md and the code use the same words."""

import ast
import re
from collections import Counter

import pytest
from django.apps import apps
from django.db.models import Choices

from dxportal.settings import BASE_DIR

GLOSSARY = BASE_DIR / "docs" / "glossary.md"
PACKAGES = ("dxportal", "assessments", "casestudies", "consultations")
COMING = "*coming*"


def rows():
    """(Japanese, names, the cell of the names) of every term."""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in ("Japanese", "---"):
            yield cells[0], re.findall(r"`([^`]+)`", cells[1]), cells[1]


ROWS = list(rows())
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for package in PACKAGES
    for path in sorted((BASE_DIR / package).rglob("*.py"))
    if "migrations" not in path.parts
)
CLASSES = {node.name for node in ast.walk(ast.parse(CODE)) if isinstance(node, ast.ClassDef)}
OUR_MODELS = [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]
EVENTS = [model for model in OUR_MODELS if hasattr(model, "pgh_tracked_model")]


def all_subclasses(kind):
    for child in kind.__subclasses__():
        yield child
        yield from all_subclasses(child)


def names_of(japanese):
    """The first name of the rows that give this term."""
    terms = ((re.split(r"[、（）]", cell), names[0]) for cell, names, _ in ROWS)
    return [name for parts, name in terms if japanese in parts]


def test_every_name_of_the_glossary_is_in_the_code():
    for japanese, names, cell in ROWS:
        for name in names if COMING not in cell else ():
            known = name.split(".")[-1] in CLASSES if name[0].isupper() else re.search(rf"\b{name}", CODE)
            assert known, f"{japanese}: {name}"


def test_what_is_coming_is_not_there_yet():
    coming = {name for _, names, cell in ROWS if COMING in cell for name in names}

    assert coming
    assert not coming & {model.__name__ for model in OUR_MODELS}, f"take “{COMING}” out of docs/glossary.md"


def test_every_term_has_a_name_and_each_name_one_meaning():
    assert all(names for _, names, _ in ROWS)
    for given in ([name for _, names, _ in ROWS for name in names], [japanese for japanese, _, _ in ROWS]):
        assert [term for term, count in Counter(given).items() if count > 1] == []


@pytest.mark.parametrize(
    "model", [model for model in OUR_MODELS if model not in EVENTS], ids=lambda model: model.__name__
)
def test_every_model_has_its_term(model):
    assert names_of(str(model._meta.verbose_name)) == [model.__name__]


def test_every_set_of_choices_has_its_name():
    given = {name for _, names, _ in ROWS for name in names}
    ours = {kind.__qualname__ for kind in all_subclasses(Choices) if kind.__module__.split(".")[0] in PACKAGES}

    assert len(ours) > 20
    assert ours - given == set()
