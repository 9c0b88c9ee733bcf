"""The figures of tools/house.py count what they say, and none passes its bound."""

import ast

import pytest

from tools import house


def modules(**sources):
    return [house.read_module(f"{name}.py", source) for name, source in sources.items()]


@pytest.fixture(scope="module")
def figures():
    return house.figures()


def test_no_figure_of_the_house_passes_its_bound(figures):
    assert [str(figure) for figure in figures if figure.value > house.BOUNDS.get(figure.name, figure.value)] == []


def test_every_bound_belongs_to_a_figure(figures):
    assert house.BOUNDS.keys() <= {figure.name for figure in figures}


def test_counted_are_the_packages_of_the_portal_without_migrations_tests_and_tools():
    paths = [module.path for module in house.python_modules()]
    assert {path.split("/")[0] for path in paths} == {"assessments", "casestudies", "consultations", "dxportal"}
    assert not [path for path in paths if "/migrations/" in path]


def test_a_private_function_used_at_one_spot_of_its_file_is_counted():
    source = "def _once():\n    pass\ndef _twice():\n    pass\ndef shown():\n    _once(), _twice(), _twice()\ndef __call__(): 0\n"
    figure = house.single_use_private_functions(modules(a=source))
    assert figure.places == ["a.py:1 _once"]
    assert figure.value == 25


def test_assignments_of_tuples_are_counted_and_the_longer_ones_by_themselves():
    source = "a, b = 1, 2\na, b, c = 1, 2, 3\na, b = f()\na = 1, 2\na, b, c = f()\n"
    pairs, triples = house.tuples_to_tuples(modules(a=source))
    assert pairs.places == ["a.py:1", "a.py:2"]
    assert triples.places == ["a.py:2"]


def test_a_class_name_is_counted_once_however_often_it_stands():
    source = "class Row: pass\nclass _Row: pass\nclass Meta: pass\n"
    figure = house.class_names_twice(modules(a=source, b=source, c="class Row: pass"))
    assert figure.places == ["Row: a.py:1, b.py:1, c.py:1"]


@pytest.mark.parametrize(
    "source",
    [
        "for one in rows: pass",
        "[f(one) for one in rows]",
        "sorted(rows, key=lambda one: one.pk)",
        "def f(one): pass",
        "def f(*, one=1): pass",
        "class A:\n    one: int",
        "one = 1",
        "self.one = 1",
        "with f() as one: pass",
    ],
)
def test_a_private_word_is_counted_wherever_it_becomes_a_name(source):
    assert house.private_words(modules(a=source), {}).value == 1


@pytest.mark.parametrize("source", ["f(one)", "f(one=1)", "x.one", "'one'", "another_one = 1"])
def test_a_private_word_that_is_only_read_is_not_counted(source):
    assert house.private_words(modules(a=source), {}).value == 0


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("{% for one in rows %}{{ one }}{% endfor %}", ["one"]),
        ("{% for label, one in rows %}", ["label", "one"]),
        ("{% with one=rows.0 %}", ["one"]),
        ('{% include "a.html" with one=row two=2 only %}', ["one", "two"]),
        ("{{ one }} for one in town", []),
    ],
)
def test_names_that_a_template_gives_are_seen(line, names):
    assert house.names_set_in_template(line) == names


def test_template_lines_are_measured_in_characters():
    figure = house.template_lines_too_long({"a.html": ["x" * 120, "あ" * 121]})
    assert figure.places == ["a.html:2 (121)"]
    assert figure.value == 50


def test_the_fullest_folder_is_told():
    tree = ast.parse("")
    files = [house.Module(path, "", tree) for path in ("a/b/x.py", "a/b/y.py", "a/z.py")]
    assert house.files_in_a_folder(files).value == 2


def test_a_function_is_long_from_the_line_after_the_limit_on():
    body = "    pass\n"
    source = "def short():\n" + body * (house.FUNCTION_LINES - 1) + "def long():\n" + body * house.FUNCTION_LINES
    assert house.long_functions(modules(a=source)).places == ["a.py:41 long (41)"]


def test_comments_have_a_share_and_no_bound():
    figure = house.comment_lines(modules(a="# why\nx = 1\n"))
    assert figure.value == 50
    assert figure.name not in house.BOUNDS
