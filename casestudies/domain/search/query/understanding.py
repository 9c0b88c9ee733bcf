"""From what somebody typed to what is looked up: demands, concepts, wishes, and what was left out."""

from collections.abc import Iterable
from dataclasses import dataclass

from casestudies.domain.search.index_rows import NAME
from casestudies.domain.search.query import places, wishes
from casestudies.domain.search.query.lexicon import known_names, lexicon
from casestudies.domain.search.query.wishes import Wish
from dxportal.core.textsearch import concepts, language
from dxportal.core.textsearch.analysis import words
from dxportal.core.textsearch.concepts import Concept
from dxportal.core.textsearch.folding import name_key, repair, spell_out
from dxportal.core.textsearch.language import Not, Query, Term
from dxportal.core.textsearch.vectors import all_of, any_of, key, quote


@dataclass(frozen=True, slots=True)
class Correction:
    """``given`` was read as ``meant``; its code in ``ignored`` takes it back."""

    given: str
    meant: str

    @property
    def code(self) -> str:
        return f"correction:{self.given}"

    @property
    def label(self) -> str:
        return f"「{self.given}」を「{self.meant}」として検索"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query was understood; what stands above the results.

    ``concepts`` rank (and demand, where ``strict``: nothing but exclusions is demanded), ``demand`` is a tsquery that must hold, ``excluded`` are labels.
    """

    text: str = ""
    concepts: tuple[Concept, ...] = ()
    demand: str = ""
    strict: bool = True
    demanded: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    corrections: tuple[Correction, ...] = ()
    dropped: tuple[str, ...] = ()
    soft_quotes: bool = False
    impossible: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was asked in words."""
        return not (self.concepts or self.demand or self.wishes or self.impossible)


def understand(text: str, ignored: frozenset[str] = frozenset(), *, soften: bool = False) -> Reading:
    """``soften``: 「」 only name something."""
    if not _says_something(text):
        return Reading(text=text, impossible=not _is_blank(text))
    query = language.parse(spell_out(_without_soft_quotes(text) if soften else text))
    taken = [_take(bare) for bare in query.bare]
    named = list(dict.fromkeys(name for _, names, _ in taken for name in names))
    found = [wish for *_, wished in taken for wish in wished if wish.code not in ignored]
    asked = concepts.read([rest for rest, *_ in taken if rest.strip()], _lexicon(found), named)
    literals = [made for term in query.demanded if (made := concepts.literal(term.text, lexicon()))]
    only_preferences = not any(wish.strict for wish in found) and not (asked.concepts or literals)
    demand = _demand(query)
    return Reading(
        text=text,
        concepts=(*asked.concepts, *literals),
        demand=demand or "",
        strict=bool(asked.concepts) and not query.demanded,
        demanded=tuple(term.text for term in query.demanded),
        excluded=tuple(term.text for term in query.excluded),
        wishes=_strict(found) if only_preferences else tuple(found),
        dropped=tuple(asked.dropped),
        soft_quotes=any(term.soft for term in query.demanded),
        impossible=not (asked.concepts or demand or any(wished for *_, wished in taken)),
    )


def _take(bare: str) -> tuple[str, list[str], list[Wish]]:
    rest, wished = wishes.take(bare)
    rest, names = places.take(rest, known_names)
    return rest, names, wished


def _lexicon(found: list[Wish]):
    """Where sizes are asked for, words to drop stay dropped even when nothing else is left."""
    return lexicon() if not found else concepts.without_fallback(lexicon())


def _strict(found: Iterable[Wish]) -> tuple[Wish, ...]:
    return tuple(Wish(one.code, one.label, True, one.low, one.high, one.kinds, one.names) for one in found)


def _says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _is_blank(text: str) -> bool:
    return not repair(text).strip()


def _without_soft_quotes(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, "「」『』｢｣"), " "))


# --- explicit queries ---------------------------------------------------------------------------------------------


def _demand(query: Query) -> str:
    clauses = [_clause(clause) for clause in query.required]
    return all_of(one for one in clauses if one)


def _clause(clause: language.Clause) -> str:
    joined = [all_of(made for one in ands if (made := _literal(one))) for ands in clause]
    return any_of(one for one in joined if one)


def _literal(one: Term | Not) -> str:
    if isinstance(one, Not):
        inner = _term(one.of)
        return f"!({inner})" if inner else ""
    return _term(one)


def _term(term: Term) -> str:
    """The words as written; a name that is not in quotes also by its other spellings."""
    query = concepts.exact(words(term.text))
    if not query or term.quoted:
        return query
    return any_of((query, quote(key(NAME, name_key(term.text)))))
