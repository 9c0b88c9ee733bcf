"""The query language: plain words, AND, OR, −, NOT and quotes. Pure, and never fails.

Plain words side by side are wishes (``bare``); everything joined or marked is a demand (``required``), by the usual
rules: − before AND before OR. Stray operators and unclosed quotes are read as if they were not there.
"""

import re
from dataclasses import dataclass

from dxportal.core.names import SELECTED
from dxportal.core.textsearch.folding import latin_meets_japanese

LONGEST_QUERY = 1000  # characters; what follows is not read
MOST_TERMS = 40

QUOTES = {'"': '"', "“": "”", "”": "”", "„": "”", "＂": "＂", "「": "」", "『": "』", "｢": "｣"}
SOFT_QUOTES = "「『｢"  # in running text these name things, and are read as text
SOFT_MARKS = "「」『』｢｣"
HARD_QUOTES = '"“”„＂'
MINUS = "-－−‐‑–—ー"
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}
_WIDE = {code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)}
_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r"(\s+)")


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """``quoted`` says that it stood in quotes; ``soft`` that they were 「」, which may just name something."""

    text: str
    quoted: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    of: QueryTerm


Literal = QueryTerm | Not
Clause = tuple[tuple[Literal, ...], ...]  # OR of ANDs


@dataclass(frozen=True, slots=True)
class TypedQuery:
    """``required``: every clause must hold; ``bare``: plain words in their order; ``cut``: the text was too long."""

    bare: tuple[str, ...] = ()
    required: tuple[Clause, ...] = ()
    cut: bool = False

    @property
    def excluded(self) -> tuple[QueryTerm, ...]:
        """Terms that alone make a clause with a minus."""
        alone = (clause[0][0] for clause in self.required if len(clause) == 1 and len(clause[0]) == 1)
        return tuple(literal.of for literal in alone if isinstance(literal, Not))

    @property
    def demanded(self) -> tuple[QueryTerm, ...]:
        """Terms that a document may satisfy a demand with."""
        literals = (literal for clause in self.required for joined in clause for literal in joined)
        return tuple(dict.fromkeys(literal for literal in literals if isinstance(literal, QueryTerm)))


def even(text: str) -> str:
    """A query as it is read: letters without their variants, and no spaces that say nothing."""
    return together(SELECTED.sub("", text))


def together(text: str) -> str:
    """「生成 AI の活用」 → 「生成AIの活用」: where Latin meets Japanese a space is a matter of taste, and says nothing."""
    parts = _SPACES.split(text)  # words and spaces by turns
    joined = parts[0]
    for before, space, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        signs = is_operator(before) or is_operator(after) or before[:1] in MINUS
        says_nothing = before and after and not signs and latin_meets_japanese(before[-1], after[0])
        joined += after if says_nothing else space + after
    return joined


def is_operator(word: str) -> bool:
    return word.translate(_WIDE) in _OPERATORS


def parse(text: str) -> TypedQuery:
    cut = len(text) > LONGEST_QUERY
    items = _scan(text[:LONGEST_QUERY])
    if len(items) > MOST_TERMS:
        items = items[:MOST_TERMS]
        cut = True
    # Neighbours without an operator are clauses of their own; an operator lacking a side is dropped.
    clauses: list[list[list[Literal]]] = []
    joiner = ""
    for item in items:
        if isinstance(item, str):
            joiner = item if clauses else ""
        elif joiner == "and":
            clauses[-1][-1].append(item)
            joiner = ""
        elif joiner == "or":
            clauses[-1].append([item])
            joiner = ""
        else:
            clauses.append([[item]])
    bare: list[str] = []
    required: list[Clause] = []
    for clause in clauses:
        only = clause[0][0] if len(clause) == 1 and len(clause[0]) == 1 else None
        if isinstance(only, QueryTerm) and not only.quoted:
            bare.append(only.text)
        else:
            required.append(tuple(tuple(joined) for joined in clause))
    return TypedQuery(tuple(bare), tuple(required), cut)


def _scan(text: str) -> list[Literal | str]:
    """Terms, and the operators "and", "or"; a NOT or minus is already joined to its term."""
    items: list[Literal | str] = []
    negate = False
    at = 0
    while at < len(text):
        letter = text[at]
        if letter.isspace():
            at += 1
            continue
        begins_word = (at == 0 or text[at - 1].isspace()) and at + 1 < len(text) and not text[at + 1].isspace()
        if letter in MINUS and begins_word:
            negate = True
            at += 1
            continue
        term, at = _term(text, at)
        operator = None if term is None or term.quoted else _OPERATORS.get(term.text.translate(_WIDE))
        if operator == "not":
            negate = True
        elif operator:
            items.append(operator)
        elif term is not None:
            items.append(Not(term) if negate else term)
            negate = False
    return items


def _term(text: str, at: int) -> tuple[QueryTerm | None, int]:
    """The term that begins at ``at``, and where to go on."""
    closing = QUOTES.get(text[at])
    soft = text[at] in SOFT_QUOTES
    end = text.find(closing, at + 1) if closing else -1
    runs_on = end + 1 < len(text) and not text[end + 1].isspace()
    if end > 0 and not (soft and runs_on):
        inner = _SPACE.sub(" ", text[at + 1 : end]).strip()
        return (QueryTerm(inner, quoted=True, soft=soft) if inner else None), end + 1
    if text[at] in HARD_QUOTES:
        return None, at + 1
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in HARD_QUOTES:
        end += 1
    return QueryTerm(text[at:end]), end
