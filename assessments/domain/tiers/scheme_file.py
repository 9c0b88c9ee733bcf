"""Tier and priority schemes as files and as stored data: one form, checked by the same models for both."""

import re
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, TypeAdapter
from pydantic_core import PydanticCustomError

from assessments.domain.tiers.rules import TIERS, LevelRule, PriorityRules, StepRule, TierBand, TierRules
from dxportal.core.intake.yaml_file import Count, FilePart, Positive, Text, YamlFile

FRACTION = re.compile(r"\d{1,9}(/[1-9]\d{0,8})?")


def points_limit(value: object) -> Fraction:
    """A limit of points: a number in a file, text (「105」「305/2」) in stored data."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | Fraction):
        raise PydanticCustomError("bad_type", "数で書いてください。")
    if isinstance(value, str) and not FRACTION.fullmatch(value):
        raise PydanticCustomError("bad_type", "数で書いてください。")
    if (limit := Fraction(value)) < 0:
        raise PydanticCustomError("bad_value", "0以上の数で書いてください。")
    return limit


Limit = Annotated[Fraction, PlainValidator(points_limit), PlainSerializer(str, when_used="json")]


class TierBandPart(FilePart):
    tier: Count
    name: Annotated[Text, Field(max_length=20)]
    minimum: Limit
    meaning: Text
    support: Text


class StepRulePart(FilePart):
    step: Count
    support: Annotated[Text, Field(max_length=50)]
    priority_at_most: Limit | None = None
    support_at_most: Limit | None = None


class LevelRulePart(FilePart):
    deficits: Count
    name: Annotated[Text, Field(max_length=4)]


def rising_steps(steps: list[StepRulePart]) -> list[StepRulePart]:
    numbers = [rule.step for rule in steps]
    if numbers != sorted(set(numbers)):
        raise PydanticCustomError("not_ordered", "ステップは小さい方から、一つずつ書いてください。")
    return steps


def rising_levels(levels: list[LevelRulePart]) -> list[LevelRulePart]:
    counts = [level.deficits for level in levels]
    if counts[:1] != [0] or counts != sorted(set(counts)):
        raise PydanticCustomError("not_ordered", "段階は不足0から始め、不足の少ない方から書いてください。")
    return levels


class TierData(FilePart):
    bands: list[TierBandPart]

    def rules(self, code: str, version: int, title: str) -> TierRules:
        return TierRules(code, version, title, tuple(TierBand(**dict(band)) for band in self.bands))


class PriorityData(FilePart):
    steps: Annotated[list[StepRulePart], AfterValidator(rising_steps)]
    levels: Annotated[list[LevelRulePart], AfterValidator(rising_levels)]

    def rules(self, code: str, version: int, title: str) -> PriorityRules:
        steps = tuple(StepRule(**dict(rule)) for rule in self.steps)
        return PriorityRules(code, version, title, steps, tuple(LevelRule(**dict(level)) for level in self.levels))


class SchemeHead(FilePart):
    code: Annotated[Text, Field(max_length=50, pattern=r"^[a-z][a-z0-9_-]*$")]
    version: Positive
    title: Annotated[Text, Field(max_length=100)]
    default: bool = False
    source_note: Text = ""


class TierFile(TierData, SchemeHead):
    kind: Literal["tiers"]


class PriorityFile(PriorityData, SchemeHead):
    kind: Literal["priority"]


SCHEME: TypeAdapter[TierFile | PriorityFile] = TypeAdapter(
    Annotated[TierFile | PriorityFile, Field(discriminator="kind")]
)
KEYS_OF_OTHERS = {"tiers": PriorityData.model_fields, "priority": TierData.model_fields}


def parse_scheme(text: str) -> tuple[TierRules | PriorityRules, bool]:
    """The scheme of a YAML text and whether it is the default; raises InvalidFileError with all errors."""
    file = YamlFile(text)
    kind = str(file.at(("kind",)))
    for key in KEYS_OF_OTHERS.get(kind, {}):
        if key in file.value:
            file.fail((key,), "wrong_key", f"kind が {kind} の基準に「{key}」は書けません。")
    scheme = file.part(SCHEME.validate_python)
    if scheme is None or file.errors:
        raise file.invalid
    rules = scheme.rules(scheme.code, scheme.version, scheme.title)
    if isinstance(rules, TierRules):
        for problem in tier_problems(rules.bands):
            file.fail(("bands",), *problem)
    if file.errors:
        raise file.invalid
    return rules, scheme.default


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


def tiers_to_data(scheme: TierRules) -> dict[str, Any]:
    """For the JSON column; fractions as text (「105」「305/2」)."""
    bands = [asdict(band) for band in scheme.bands]
    return TierData.model_validate({"bands": bands}).model_dump(mode="json")


def tiers_from_data(code: str, version: int, title: str, data: dict[str, Any]) -> TierRules:
    return TierData.model_validate(data).rules(code, version, title)


def priority_to_data(scheme: PriorityRules) -> dict[str, Any]:
    rules = {"steps": [asdict(rule) for rule in scheme.steps], "levels": [asdict(level) for level in scheme.levels]}
    return PriorityData.model_validate(rules).model_dump(mode="json")


def priority_from_data(code: str, version: int, title: str, data: dict[str, Any]) -> PriorityRules:
    return PriorityData.model_validate(data).rules(code, version, title)
