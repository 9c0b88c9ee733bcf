"""One question of a questionnaire file: its fields by kind, its choices, its condition."""

from dataclasses import dataclass

import yaml

from assessments.domain.questionnaires.spec import (
    AllOf,
    AnyOf,
    BandSpec,
    ChoiceSpec,
    Condition,
    Kind,
    Leaf,
    QuestionSpec,
    RowSpec,
    SectionSpec,
)
from assessments.domain.questionnaires.yaml_nodes import Item

COMMON = ("code", "key", "type", "wording", "short")
ANYWHERE = ("help", "area", "required", "when")
BY_KIND: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # kind → its own required and optional keys
    Kind.SINGLE: (("choices",), ()),
    Kind.MULTIPLE: (("choices",), ("max_points",)),
    Kind.TEXT: ((), ()),
    Kind.NUMBER: ((), ("unit", "minimum", "maximum", "bands")),
    Kind.MATRIX: (("choices", "rows"), ()),
    Kind.RANKING: (("choices", "weights"), ()),
}
# ``points`` belongs to choices and bands; it is read here only to say so.
OWN_KEYS = frozenset(key for required, optional in BY_KIND.values() for key in (*required, *optional)) | {"points"}
POINT_KEYS = frozenset({"points", "bands", "max_points"})
QUESTION_CODE = r"[0-9A-Za-z][0-9A-Za-z-]*"
CHOICE_CODE = r"[a-z0-9][a-z0-9_]*"


@dataclass(frozen=True)
class LeafPlace:
    """A condition's leaf, the question that it stands in ("" for a contradiction) and its place in the file."""

    owner: str
    leaf: Leaf
    item: Item


def read_question(item: Item, section: SectionSpec) -> tuple[QuestionSpec, list[LeafPlace]]:
    """The question as far as it can be read; what is wrong is noted at ``item``."""
    fields = item.fields(required=COMMON, optional=(*ANYWHERE, *OWN_KEYS))
    kind = _read_kind(item, fields)
    leaves: list[LeafPlace] = []
    code = fields["code"].code(10, QUESTION_CODE) if "code" in fields else ""
    own = _read_own(fields, kind)
    question = QuestionSpec(
        code=code,
        key=fields["key"].code(50) if "key" in fields else "",
        kind=kind,
        section=section.code,
        wording=fields["wording"].text() if "wording" in fields else "",
        short=fields["short"].text(60) if "short" in fields else "",
        help=fields["help"].text() if "help" in fields else "",
        area=fields["area"].text(50) if "area" in fields else "",
        required=fields["required"].boolean() if "required" in fields else True,
        condition=read_condition(fields["when"], code, leaves) if "when" in fields else None,
        max_points=_full_points(kind, own, fields) if section.worth else 0,
        **own,
    )
    _check_points(item, fields, question, section)
    return question, leaves


def _read_kind(item: Item, fields: dict[str, Item]) -> Kind:
    """The kind, its keys checked. Of an unknown kind nothing else is read, so that it is the one error shown."""
    name = fields["type"].one_of(Kind) if "type" in fields else ""
    if name:
        _check_keys(item, fields, Kind(name))
        return Kind(name)
    for key in OWN_KEYS & fields.keys():
        del fields[key]
    return Kind.TEXT


def _check_keys(item: Item, fields: dict[str, Item], kind: Kind) -> None:
    required, optional = BY_KIND[kind]
    for name in sorted(OWN_KEYS & fields.keys() - {*required, *optional}):
        if kind == Kind.TEXT and (name in POINT_KEYS or _has_points(fields[name])):
            fields[name].fail("points_on_text", "記述（text）の設問に点は付けられません。")
        else:
            fields[name].fail("wrong_key", f"{kind}の設問に「{name}」は書けません。")
        del fields[name]
    for name in required:
        if name not in fields:
            item.fail("missing_key", f"{kind}の設問にはキー「{name}」が必要です。")


def _has_points(item: Item) -> bool:
    """Whether a list of choices gives points."""
    children = item.node.value if isinstance(item.node, yaml.SequenceNode) else ()
    keys = (key.value for child in children if isinstance(child, yaml.MappingNode) for key, _ in child.value)
    return "points" in keys


def _read_own(fields: dict[str, Item], kind: Kind) -> dict:
    return {
        "choices": _read_choices(fields["choices"], kind) if "choices" in fields else (),
        "rows": _read_rows(fields["rows"]) if "rows" in fields else (),
        "weights": _read_weights(fields["weights"]) if "weights" in fields else (),
        "bands": _read_bands(fields["bands"]) if "bands" in fields else (),
        "minimum": fields["minimum"].decimal() if "minimum" in fields else None,
        "maximum": fields["maximum"].decimal() if "maximum" in fields else None,
        "unit": fields["unit"].text(10) if "unit" in fields else "",
    }


def _read_choices(item: Item, kind: Kind) -> tuple[ChoiceSpec, ...]:
    choices = []
    for child in item.items():
        fields = child.fields(required=("code", "label"), optional=("points", "exclusive"))
        exclusive = fields["exclusive"].boolean() if "exclusive" in fields else False
        if exclusive and kind != Kind.MULTIPLE:
            fields["exclusive"].fail("exclusive_not_multiple", "exclusive は複数選択の設問だけに書けます。")
        choices.append(
            ChoiceSpec(
                code=fields["code"].code(20, CHOICE_CODE) if "code" in fields else "",
                label=fields["label"].text(200) if "label" in fields else "",
                points=fields["points"].integer() if "points" in fields else None,
                exclusive=exclusive,
            )
        )
    return tuple(choices)


def _read_rows(item: Item) -> tuple[RowSpec, ...]:
    rows = []
    for child in item.items():
        fields = child.fields(required=("code", "label"))
        code = fields["code"].code(20, CHOICE_CODE) if "code" in fields else ""
        rows.append(RowSpec(code, fields["label"].text(100) if "label" in fields else ""))
    return tuple(rows)


def _read_weights(item: Item) -> tuple[int, ...]:
    weights = tuple(child.integer(minimum=1) for child in item.items())
    if list(weights) != sorted(weights, reverse=True):
        item.fail("weights_order", "重みは1位から順に大きい方から書いてください。")
    return weights


def _read_bands(item: Item) -> tuple[BandSpec, ...]:
    bands = []
    for child in item.items():
        fields = child.fields(required=("minimum", "points"))
        if len(fields) == 2:
            bands.append(BandSpec(fields["minimum"].decimal(), fields["points"].integer()))
    minimums = [band.minimum for band in bands]
    if minimums != sorted(set(minimums)):
        item.fail("bands_order", "区切りは小さい方から、重ならないように書いてください。")
    return tuple(bands)


def _full_points(kind: Kind, own: dict, fields: dict[str, Item]) -> int:
    """What the best answer earns: the derived ``max_points``, or the lower cap that the file sets."""
    scores = sorted((choice.points or 0 for choice in own["choices"]), reverse=True)
    full = {
        Kind.SINGLE: max(scores, default=0),
        Kind.MULTIPLE: sum(choice.points or 0 for choice in own["choices"] if not choice.exclusive),
        Kind.MATRIX: len(own["rows"]) * max(scores, default=0),
        Kind.RANKING: sum(weight * points for weight, points in zip(own["weights"], scores, strict=False)),
        Kind.NUMBER: max((band.points for band in own["bands"]), default=0),
        Kind.TEXT: 0,
    }[kind]
    if "max_points" not in fields:
        return full
    cap = fields["max_points"].integer(minimum=1)
    if cap > full:
        fields["max_points"].fail("cap_unreachable", f"点の合計は{full}で、上限{cap}に届きません。")
    return min(cap, full)


def _check_points(item: Item, fields: dict[str, Item], question: QuestionSpec, section: SectionSpec) -> None:
    """Points everywhere in a scored section (but on texts), nowhere in an unscored one."""
    given = [choice.points is not None for choice in question.choices]
    if question.kind == Kind.TEXT:
        return
    place = fields.get("choices") or fields.get("bands") or item
    if section.worth and not (given and all(given)) and not question.bands:
        place.fail("points_missing", "配点のある区分の設問です。すべての選択肢（数値は bands）に点を書いてください。")
    if not section.worth and (any(given) or question.bands or "max_points" in fields):
        place.fail("points_unscored", "配点（worth）のない区分の設問に点は書けません。")
    alone = max((choice.points or 0 for choice in question.choices if choice.exclusive), default=0)
    if alone:
        place.fail("points_on_exclusive", "単独でのみ選べる選択肢（exclusive）の点は0にしてください。")


def read_condition(item: Item, owner: str, leaves: list[LeafPlace]) -> Condition | None:
    """``{question, any_of}``, ``{all: [...]}`` or ``{any: [...]}``, nested; leaves are added with their places."""
    fields = item.fields(optional=("question", "any_of", "all", "any"))
    if fields.keys() == {"question", "any_of"}:
        leaf = Leaf(fields["question"].text(), tuple(child.text() for child in fields["any_of"].items()))
        if not leaf.any_of:
            fields["any_of"].fail("empty", "選択肢を一つ以上書いてください。")
            return None
        leaves.append(LeafPlace(owner, leaf, item))
        return leaf
    if len(fields) == 1 and (name := next(iter(fields))) in ("all", "any"):
        read = (read_condition(child, owner, leaves) for child in fields[name].items())
        items = tuple(condition for condition in read if condition is not None)
        if not items:
            fields[name].fail("empty", "条件を一つ以上書いてください。")
            return None
        return AllOf(items) if name == "all" else AnyOf(items)
    if not any(error.key.startswith(item.key) for error in item.errors):
        item.fail("bad_condition", "question と any_of、all、any のどれか一つの形で書いてください。")
    return None
