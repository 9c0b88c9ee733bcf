"""Reading reviewed YAML files strictly: every value typed, every error kept with its line and key."""

import re
from collections.abc import Iterable
from decimal import Decimal

import yaml

from dxportal.core.intake.yaml_file import FileError, InvalidFileError

_TAG = "tag:yaml.org,2002:"


class Item:
    """A node of the file with its path. The getters note what is wrong and answer with a harmless value, so that one
    run finds every mistake; whoever reads the whole file raises ``InvalidFileError`` at the end."""

    def __init__(self, node: yaml.Node, key: str, errors: list[FileError]):
        self.node, self.key, self.errors = node, key, errors

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    def fail(self, code: str, message: str) -> None:
        self.errors.append(FileError(self.line, self.key or "(全体)", code, message))

    def fields(self, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, "Item"]:
        """The mapping's values by key; notes unknown, repeated and missing keys."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail("bad_type", "「キー: 値」の並びで書いてください。")
            return {}
        required, found = tuple(required), {}
        for key_node, node in self.node.value:
            name = str(key_node.value)
            item = Item(node, f"{self.key}.{name}" if self.key else name, self.errors)
            if name not in {*required, *optional}:
                Item(key_node, item.key, self.errors).fail("unknown_key", f"知らないキー「{name}」です。")
            elif name in found:
                Item(key_node, item.key, self.errors).fail("repeated_key", f"キー「{name}」が二度あります。")
            else:
                found[name] = item
        for name in required:
            if name not in found:
                self.fail("missing_key", f"キー「{name}」がありません。")
        return found

    def items(self) -> list["Item"]:
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail("bad_type", "並び（- で始まる行）で書いてください。")
            return []
        return [Item(node, f"{self.key}[{index}]", self.errors) for index, node in enumerate(self.node.value)]

    def text(self, longest: int | None = None) -> str:
        """A non-empty string, ends trimmed."""
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag != f"{_TAG}str":
            self.fail("bad_type", "文字列で書いてください（数字だけの値は引用符で囲みます）。")
            return ""
        value = self.node.value.strip()
        if not value:
            self.fail("empty", "空にはできません。")
        if longest and len(value) > longest:
            self.fail("too_long", f"{longest}文字以内で書いてください（{len(value)}文字あります）。")
        return value

    def code(self, longest: int, pattern: str = r"[a-z][a-z0-9_-]*") -> str:
        value = self.text(longest)
        if value and not re.fullmatch(pattern, value):
            self.fail("bad_code", f"「{value}」はコードに使えません（英小文字、数字、- と _）。")
        return value

    def one_of(self, allowed: Iterable[str]) -> str:
        value, allowed = self.text(), list(allowed)
        if value and value not in allowed:
            self.fail("bad_value", f"「{value}」は使えません（{'、'.join(allowed)}のどれか）。")
            return ""
        return value

    def integer(self, minimum: int = 0) -> int:
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if self.node.tag != f"{_TAG}int" or not re.fullmatch(r"-?\d+", str(value)):
            self.fail("bad_type", "整数で書いてください。")
            return minimum
        if int(value) < minimum:
            self.fail("bad_value", f"{minimum}以上の整数で書いてください。")
        return max(int(value), minimum)

    def decimal(self) -> Decimal:
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if self.node.tag not in (f"{_TAG}int", f"{_TAG}float") or not re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
            self.fail("bad_type", "数で書いてください。")
            return Decimal(0)
        return Decimal(value)

    def boolean(self) -> bool:
        if self.node.tag != f"{_TAG}bool":
            self.fail("bad_type", "true か false で書いてください。")
        return self.node.value in ("true", "True", "TRUE")


def compose(text: str) -> Item:
    """The root of a YAML text; raises InvalidFileError where the text is no YAML or empty."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", "") or error)
        line = mark.line + 1 if mark else 1
        raise InvalidFileError([FileError(line, "(全体)", "not_yaml", f"YAMLとして読めません：{problem}")]) from error
    if node is None:
        raise InvalidFileError([FileError(1, "(全体)", "empty", "ファイルが空です。")])
    return Item(node, "", [])
