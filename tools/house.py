"""Figures of the house: how the code is cut, named and laid out. Fails where a figure passes its bound.

    python tools/house.py                   one line a figure
    python tools/house.py --list "pairs"    every place that a figure counts

The bounds are in BOUNDS; CONTRIBUTING.md says why they are what they are. Counted is the code of the portal: every
package beside this folder but the tests, the bench and the tools, without migrations.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_COUNTED = {"tests", "bench", "tools"}

# Words that say nothing about what a variable holds.
PRIVATE_WORDS = frozenset({"one", "found", "told", "made", "way", "asked", "said", "standing"})
# Classes that Django finds by their name.
NAMES_OF_DJANGO = frozenset({"Meta", "Command", "Migration"})
TEMPLATE_COLUMNS = 120
FUNCTION_LINES = 40


@dataclass(frozen=True)
class Module:
    """One Python file, parsed; ``path`` is relative to the checkout."""

    path: str
    source: str
    tree: ast.Module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{node.lineno}"


@dataclass(frozen=True)
class Figure:
    """What was counted: the value (a share in per cent where ``per_cent``) and the places that it counts."""

    name: str
    value: float
    places: list[str]
    per_cent: bool = False

    def __str__(self) -> str:
        return f"{self.value:.1f} %" if self.per_cent else f"{self.value:g}"


# figure: the most that it may be.
BOUNDS: dict[str, float] = {
    "single-use private functions": 8,
    "pairs": 60,
    "triples": 0,
    "class names twice": 0,
    "private words": 0,
    "template lines too long": 0,
    "Python files in a folder": 13,
    "long functions": 0,
}


def python_modules(root: Path = ROOT) -> list[Module]:
    packages = (path.parent for path in root.glob("*/__init__.py") if path.parent.name not in NOT_COUNTED)
    files = sorted(path for package in packages for path in package.rglob("*.py") if "migrations" not in path.parts)
    return [read_module(str(path.relative_to(root)), path.read_text(encoding="utf-8")) for path in files]


def read_module(path: str, source: str) -> Module:
    return Module(path, source, ast.parse(source))


def template_lines(root: Path = ROOT) -> dict[str, list[str]]:
    files = sorted((root / "templates").rglob("*.html"))
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8").splitlines() for path in files}


def single_use_private_functions(modules: list[Module]) -> Figure:
    """Functions that start with an underscore and are used at one spot of their file: mostly split off to be short."""
    places, total = [], 0
    for module in modules:
        mentions = Counter(re.findall(r"\b_[a-z]\w*", module.source))
        for function in module.functions():
            total += 1
            private = function.name.startswith("_") and not function.name.startswith("__")
            if private and mentions[function.name] <= 2:  # the definition and one use
                places.append(f"{module.at(function)} {function.name}")
    return Figure("single-use private functions", 100 * len(places) / max(1, total), places, per_cent=True)


def tuples_to_tuples(modules: list[Module]) -> list[Figure]:
    """Assignments ``a, b = x, y``, and those of three or more targets among them."""
    pairs, triples = [], []
    for module in modules:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple):
                continue
            targets = [len(target.elts) for target in node.targets if isinstance(target, ast.Tuple)]
            if targets:
                pairs.append(module.at(node))
            if max(targets, default=0) >= 3:
                triples.append(module.at(node))
    return [Figure("pairs", len(pairs), pairs), Figure("triples", len(triples), triples)]


def class_names_twice(modules: list[Module]) -> Figure:
    """Public names that two classes have, wherever they stand."""
    places = defaultdict(list)
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name not in NAMES_OF_DJANGO:
                places[node.name].append(module.at(node))
    twice = [f"{name}: {', '.join(where)}" for name, where in sorted(places.items()) if len(where) > 1]
    return Figure("class names twice", len(twice), twice)


def private_words(modules: list[Module], templates: dict[str, list[str]]) -> Figure:
    """Variables, parameters, fields and loop variables (of templates, too) with a name out of PRIVATE_WORDS."""
    places = []
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.arg):
                name = node.arg
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                name = node.id
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                name = node.attr
            else:
                continue
            if name in PRIVATE_WORDS:
                places.append(f"{module.at(node)} {name}")
    for path, lines in templates.items():
        for number, line in enumerate(lines, 1):
            places += [f"{path}:{number} {name}" for name in names_set_in_template(line) if name in PRIVATE_WORDS]
    return Figure("private words", len(places), places)


def names_set_in_template(line: str) -> list[str]:
    """The names that ``{% for a, b in … %}``, ``{% with a=… %}`` and ``{% include … with a=… %}`` give."""
    names = [name for loop in re.findall(r"{%\s*for ([\w, ]+?) in ", line) for name in re.split(r"[ ,]+", loop)]
    for arguments in re.findall(r"{%[^%]*?\bwith ([^%]*)%}", line):
        names += re.findall(r"(\w+)=", arguments)
    return names


def template_lines_too_long(templates: dict[str, list[str]]) -> Figure:
    places = [
        f"{path}:{number} ({len(line)})"
        for path, lines in templates.items()
        for number, line in enumerate(lines, 1)
        if len(line) > TEMPLATE_COLUMNS
    ]
    total = sum(map(len, templates.values()))
    return Figure("template lines too long", 100 * len(places) / max(1, total), places, per_cent=True)


def files_in_a_folder(modules: list[Module]) -> Figure:
    """Of the fullest folder; listed are the ten fullest."""
    folders = Counter(str(Path(module.path).parent) for module in modules)
    places = [f"{folder}: {count}" for folder, count in folders.most_common(10)]
    return Figure("Python files in a folder", max(folders.values(), default=0), places)


def long_functions(modules: list[Module]) -> Figure:
    """Functions of more lines than FUNCTION_LINES, signature and docstring counted."""
    places = []
    for module in modules:
        for function in module.functions():
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > FUNCTION_LINES:
                places.append(f"{module.at(function)} {function.name} ({lines})")
    return Figure("long functions", len(places), places)


def comment_lines(modules: list[Module]) -> Figure:
    """The share of lines that are a comment: it has no bound, because a comment says why or isn't written."""
    lines = [line.strip() for module in modules for line in module.source.splitlines()]
    comments = [line for line in lines if line.startswith("#")]
    return Figure("comment lines", 100 * len(comments) / max(1, len(lines)), comments, per_cent=True)


def figures(root: Path = ROOT) -> list[Figure]:
    modules, templates = python_modules(root), template_lines(root)
    return [
        single_use_private_functions(modules),
        *tuples_to_tuples(modules),
        class_names_twice(modules),
        private_words(modules, templates),
        template_lines_too_long(templates),
        files_in_a_folder(modules),
        long_functions(modules),
        comment_lines(modules),
    ]


def main(arguments: list[str]) -> int:
    """The number of figures that pass their bound; with ``--list NAME`` the places of that figure instead."""
    counted = figures()
    if arguments:
        print("\n".join(place for figure in counted if figure.name in arguments for place in figure.places))
        return 0
    failed = 0
    for figure in counted:
        bound = BOUNDS.get(figure.name)
        passed = bound is not None and figure.value > bound
        failed += passed
        limit = "" if bound is None else f" (at most {bound:g})"
        print(f"{'FAIL' if passed else '    '} {figure.name}: {figure}{limit}")
    return failed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
