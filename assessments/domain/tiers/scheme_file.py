"""Tier and priority schemes as files and as stored data: one form, checked the same way for both."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

from assessments.domain.questionnaires.yaml_nodes import Item, compose
from assessments.domain.tiers.rules import TIERS, LevelRule, PriorityRules, StepRule, TierBand, TierRules
from dxportal.core.intake.yaml_file import InvalidFileError

HEAD = ("kind", "code", "version", "title")
KEYS = {"tiers": ("bands",), "priority": ("steps", "levels")}


def parse_scheme(text: str) -> tuple[TierRules | PriorityRules, bool]:
    """The scheme of a YAML text and whether it is the default; raises InvalidFileError with all errors."""
    root = compose(text)
    fields = root.fields(
        required=HEAD, optional=("default", "source_note", *(key for keys in KEYS.values() for key in keys))
    )
    kind = fields["kind"].one_of(KEYS) if "kind" in fields else ""
    for name in (name for other, keys in KEYS.items() if kind not in ("", other) for name in keys):
        if name in fields:
            fields[name].fail("wrong_key", f"kind が {kind} の基準に「{name}」は書けません。")
    head = _head(fields)
    scheme: TierRules | PriorityRules | None = None
    if kind == "tiers":
        scheme = TierRules(**head, bands=_tier_bands(root, fields))
    elif kind == "priority":
        scheme = PriorityRules(**head, steps=_step_rules(root, fields), levels=_level_rules(root, fields))
    default = fields["default"].boolean() if "default" in fields else False
    if root.errors or scheme is None:
        raise InvalidFileError(root.errors)
    return scheme, default


def _head(fields: dict[str, Item]) -> dict[str, Any]:
    return {
        "code": fields["code"].code(50) if "code" in fields else "",
        "version": fields["version"].integer(minimum=1) if "version" in fields else 0,
        "title": fields["title"].text(100) if "title" in fields else "",
    }


def _children(root: Item, fields: dict[str, Item], name: str) -> list[Item]:
    if name not in fields:
        root.fail("missing_key", f"キー「{name}」がありません。")
        return []
    return fields[name].items()


def _tier_bands(root: Item, fields: dict[str, Item]) -> tuple[TierBand, ...]:
    bands = []
    for item in _children(root, fields, "bands"):
        own = item.fields(required=("tier", "name", "minimum", "meaning", "support"))
        if len(own) == 5:
            minimum = Fraction(own["minimum"].decimal())
            texts = own["name"].text(20), minimum, own["meaning"].text(), own["support"].text()
            bands.append(TierBand(own["tier"].integer(), *texts))
    if "bands" in fields and not root.errors:
        for code, message in tier_problems(tuple(bands)):
            fields["bands"].fail(code, message)
    return tuple(bands)


def tier_problems(bands: tuple[TierBand, ...]) -> list[tuple[str, str]]:
    """What is wrong with the bands as (code, message): each of four tiers once, in order, from 0 on, no gap."""
    problems = []
    if tuple(band.tier for band in bands) != TIERS:
        problems.append(("tiers_incomplete", "分類は4、3、2、1の順に、一つずつ書いてください。"))
    minimums = [band.minimum for band in bands]
    if any(upper <= lower for upper, lower in pairwise(minimums)):
        problems.append(("not_ordered", "下限は上の分類ほど大きくしてください。"))
    if minimums and minimums[-1] != 0:
        problems.append(("gap", "いちばん下の分類の下限は0にしてください。"))
    return problems


def _step_rules(root: Item, fields: dict[str, Item]) -> tuple[StepRule, ...]:
    rules = []
    for item in _children(root, fields, "steps"):
        own = item.fields(required=("step", "support"), optional=("priority_at_most", "support_at_most"))
        if "step" in own and "support" in own:
            limits = [_limit(own, name) for name in ("priority_at_most", "support_at_most")]
            rules.append(StepRule(own["step"].integer(), own["support"].text(50), *limits))
    steps = [rule.step for rule in rules]
    if steps != sorted(set(steps)):
        fields["steps"].fail("not_ordered", "ステップは小さい方から、一つずつ書いてください。")
    return tuple(rules)


def _limit(own: dict[str, Item], name: str) -> Fraction | None:
    if name not in own:
        return None
    value = own[name].decimal()
    if value < 0:
        own[name].fail("bad_value", "0以上の数で書いてください。")
    return Fraction(value)


def _level_rules(root: Item, fields: dict[str, Item]) -> tuple[LevelRule, ...]:
    levels = []
    for item in _children(root, fields, "levels"):
        own = item.fields(required=("deficits", "name"))
        if len(own) == 2:
            levels.append(LevelRule(own["deficits"].integer(), own["name"].text(4)))
    counts = [level.deficits for level in levels]
    if "levels" in fields and (not counts or counts[0] != 0 or counts != sorted(set(counts))):
        fields["levels"].fail("not_ordered", "段階は不足0から始め、不足の少ない方から書いてください。")
    return tuple(levels)


def tiers_to_data(scheme: TierRules) -> dict[str, Any]:
    """For the JSON column; fractions as text (\"105\", \"305/2\")."""
    bands = [
        {"tier": b.tier, "name": b.name, "minimum": str(b.minimum), "meaning": b.meaning, "support": b.support}
        for b in scheme.bands
    ]
    return {"bands": bands}


def tiers_from_data(code: str, version: int, title: str, data: dict[str, Any]) -> TierRules:
    bands = (TierBand(**{**band, "minimum": Fraction(band["minimum"])}) for band in data["bands"])
    return TierRules(code, version, title, tuple(bands))


def priority_to_data(scheme: PriorityRules) -> dict[str, Any]:
    steps = [
        {
            "step": rule.step,
            "support": rule.support,
            "priority_at_most": _text(rule.priority_at_most),
            "support_at_most": _text(rule.support_at_most),
        }
        for rule in scheme.steps
    ]
    return {"steps": steps, "levels": [{"deficits": lv.deficits, "name": lv.name} for lv in scheme.levels]}


def priority_from_data(code: str, version: int, title: str, data: dict[str, Any]) -> PriorityRules:
    steps = (
        StepRule(rule["step"], rule["support"], _fraction(rule["priority_at_most"]), _fraction(rule["support_at_most"]))
        for rule in data["steps"]
    )
    return PriorityRules(code, version, title, tuple(steps), tuple(LevelRule(**level) for level in data["levels"]))


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
