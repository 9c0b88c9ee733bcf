"""From what somebody typed to what is looked up: demands, concepts, wishes, and what was left out."""

from dataclasses import dataclass, replace

from casestudies.domain.search.corpus import CASES
from casestudies.domain.search.query import places, wishes
from casestudies.domain.search.query.lexicon import lexicon, one_writing
from casestudies.domain.search.query.places import KnownNames
from casestudies.domain.search.query.wishes import SizeWish
from dxportal.core.organizations.domain.called import NAME
from dxportal.core.textsearch import concepts, language
from dxportal.core.textsearch.analysis import words
from dxportal.core.textsearch.concepts import Concept
from dxportal.core.textsearch.folding import apart, name_key, repair, spell_out
from dxportal.core.textsearch.language import Not, QueryTerm, TypedQuery, together
from dxportal.core.textsearch.vectors import all_of, any_of, key, quote

NO_SOFT_QUOTES = dict.fromkeys(map(ord, language.SOFT_MARKS), " ")


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
class QueryReading:
    """How a query was understood; what stands above the results.

    ``concepts`` rank (and demand, where ``strict``: nothing but exclusions is demanded), ``demand`` is a tsquery that
    must hold, ``excluded`` are labels.
    """

    text: str = ""
    concepts: tuple[Concept, ...] = ()
    demand: str = ""
    strict: bool = True
    demanded: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    wishes: tuple[SizeWish, ...] = ()
    corrections: tuple[Correction, ...] = ()
    dropped: tuple[str, ...] = ()
    soft_quotes: bool = False
    impossible: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was asked in words."""
        return not (self.concepts or self.demand or self.wishes or self.impossible)


def understand(
    text: str, ignored: frozenset[str] = frozenset(), *, soften: bool = False, known: KnownNames = CASES.known_names
) -> QueryReading:
    """``soften``: 「」 only name something; ``known``: which names of organisations the corpus holds."""
    if not any(letter.isalnum() for letter in text):
        return QueryReading(text=text, impossible=bool(repair(text).strip()))
    query = language.parse(language.even(spell_out(text.translate(NO_SOFT_QUOTES) if soften else text)))
    rests: list[str] = []
    names: list[str] = []
    stated: list[SizeWish] = []
    for bare in one_writing(" ".join(query.bare)).split():
        rest, wished = wishes.take(apart(bare))
        rest, named = places.take(rest, known)
        rests.append(together(rest))
        names += named
        stated += wished
    kept = [wish for wish in stated if wish.code not in ignored]
    # Where sizes are sought, words to drop stay dropped even when nothing else is left.
    words_known = concepts.without_fallback(lexicon()) if kept else lexicon()
    plain = concepts.read([rest for rest in rests if rest.strip()], words_known, list(dict.fromkeys(names)))
    literals = [concept for term in query.demanded if (concept := concepts.literal(term.text, lexicon()))]
    only_preferences = not any(wish.strict for wish in kept) and not (plain.concepts or literals)
    demand = _demand(query)
    return QueryReading(
        text=text,
        concepts=(*plain.concepts, *literals),
        demand=demand,
        strict=bool(plain.concepts) and not query.demanded,
        demanded=tuple(term.text for term in query.demanded),
        excluded=tuple(term.text for term in query.excluded),
        wishes=tuple(replace(wish, strict=True) if only_preferences else wish for wish in kept),
        dropped=tuple(plain.dropped),
        soft_quotes=any(term.soft for term in query.demanded),
        impossible=not (plain.concepts or demand or stated),
    )


# --- explicit queries ---------------------------------------------------------------------------------------------


def _demand(query: TypedQuery) -> str:
    """A tsquery of all that is joined or marked; "" where nothing is."""
    clauses = []
    for clause in query.required:
        joined = [all_of(literal for part in parts if (literal := _literal(part))) for parts in clause]
        clauses.append(any_of(part for part in joined if part))
    return all_of(clause for clause in clauses if clause)


def _literal(part: QueryTerm | Not) -> str:
    """The words as written; a name that is not in quotes also by its other spellings."""
    if isinstance(part, Not):
        excluded = _literal(part.of)
        return f"!({excluded})" if excluded else ""
    query = concepts.exact(words(part.text))
    if not query or part.quoted:
        return query
    return any_of((query, quote(key(NAME, name_key(part.text)))))
