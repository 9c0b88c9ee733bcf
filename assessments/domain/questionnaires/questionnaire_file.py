"""The YAML form of a questionnaire: text in, a checked ``QuestionnaireSpec`` or every error out.

The format is described in assessments/README.md. Nothing here touches the database.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import yaml

from assessments.domain.questionnaires.checks import check_questionnaire
from assessments.domain.questionnaires.question_reader import LeafPlace, read_condition, read_question
from assessments.domain.questionnaires.spec import ContradictionSpec, QuestionnaireSpec, QuestionSpec, SectionSpec
from assessments.domain.questionnaires.yaml_nodes import InvalidFileError, Item, compose

SECTION_KINDS = ("step", "support", "focus", "profile")
UNSCORED_KINDS = frozenset({"support", "profile"})
HEAD = ("code", "version", "fiscal_year", "title")


@dataclass
class Draft:
    """What was read so far, each part beside the place in the file that it came from."""

    sections: list[tuple[SectionSpec, Item]]
    questions: list[tuple[QuestionSpec, Item]]
    contradictions: list[tuple[ContradictionSpec, Item]]
    leaves: list[LeafPlace]


def parse(
    text: str, areas: Collection[str] | None = None, read: Callable[[str], str] | None = None
) -> QuestionnaireSpec:
    """The questionnaire that the text describes; raises InvalidFileError with all its errors.

    ``areas``: the known Area codes (not checked when None). ``read``: gives the text of the file that ``same_as``
    names, for a version that repeats another's questions.
    """
    root = compose(text)
    if _names_another(root):
        return _parse_repeat(root, areas, read)
    fields = root.fields(required=(*HEAD, "sections"), optional=("contradictions", "source_note"))
    draft = _read_body(fields)
    check_questionnaire(draft.sections, draft.questions, draft.contradictions, draft.leaves, areas)
    if not draft.questions and not root.errors:
        root.fail("empty", "設問が一つもありません。")
    head = _head(fields)
    note = fields["source_note"].text() if "source_note" in fields else ""
    if root.errors:
        raise InvalidFileError(root.errors)
    return QuestionnaireSpec(
        **head,
        sections=tuple(section for section, _ in draft.sections),
        questions=tuple(question for question, _ in draft.questions),
        contradictions=tuple(rule for rule, _ in draft.contradictions),
        source_note=note,
    )


def _read_body(fields: dict[str, Item]) -> Draft:
    draft = Draft([], [], [], [])
    for item in fields["sections"].items() if "sections" in fields else []:
        _read_section(item, draft)
    for item in fields["contradictions"].items() if "contradictions" in fields else []:
        _read_contradiction(item, draft)
    return draft


def _names_another(root: Item) -> bool:
    return isinstance(root.node, yaml.MappingNode) and any(key.value == "same_as" for key, _ in root.node.value)


def _parse_repeat(root: Item, areas: Collection[str] | None, read: Callable[[str], str] | None) -> QuestionnaireSpec:
    """A version with its own head and another file's questions."""
    fields = root.fields(required=(*HEAD, "same_as"), optional=("source_note",))
    head = _head(fields)
    name = fields["same_as"].text()
    note = fields["source_note"].text() if "source_note" in fields else None
    if root.errors:
        raise InvalidFileError(root.errors)
    try:
        text = read(name) if read else None
    except OSError:
        text = None
    if text is None or _names_another(compose(text)):
        fields["same_as"].fail("bad_same_as", f"「{name}」を設問の元にできません（ファイルがないか、別の写しです）。")
        raise InvalidFileError(root.errors)
    base = parse(text, areas)
    return replace(base, **head, source_note=base.source_note if note is None else note)


def _head(fields: dict[str, Item]) -> dict:
    return {
        "code": fields["code"].code(50) if "code" in fields else "",
        "version": fields["version"].text(20) if "version" in fields else "",
        "fiscal_year": fields["fiscal_year"].integer(minimum=2000) if "fiscal_year" in fields else 0,
        "title": fields["title"].text(200) if "title" in fields else "",
    }


def _read_section(item: Item, draft: Draft) -> None:
    fields = item.fields(required=("code", "kind", "title", "questions"), optional=("step", "worth", "description"))
    section = SectionSpec(
        code=fields["code"].code(50) if "code" in fields else "",
        kind=fields["kind"].one_of(SECTION_KINDS) if "kind" in fields else "",
        title=fields["title"].text(100) if "title" in fields else "",
        step=fields["step"].integer() if "step" in fields else None,
        worth=fields["worth"].integer() if "worth" in fields else 0,
        description=fields["description"].text() if "description" in fields else "",
    )
    if (section.kind == "step") != (section.step is not None):
        item.fail("bad_step", "step は kind が step の区分だけに、必ず書いてください。")
    if section.worth and section.kind in UNSCORED_KINDS:
        fields["worth"].fail("worth_unscored", "県の支援と回答者情報の区分に配点（worth）は付けられません。")
        section = replace(section, worth=0)
    draft.sections.append((section, item))
    for child in fields["questions"].items() if "questions" in fields else []:
        question, leaves = read_question(child, section)
        draft.questions.append((question, child))
        draft.leaves.extend(leaves)


def _read_contradiction(item: Item, draft: Draft) -> None:
    fields = item.fields(required=("code", "when", "message"))
    if len(fields) < 3:
        return
    leaves: list[LeafPlace] = []
    condition = read_condition(fields["when"], "", leaves)
    if condition is not None:
        rule = ContradictionSpec(fields["code"].code(50), condition, fields["message"].text())
        draft.contradictions.append((rule, item))
        draft.leaves.extend(leaves)
