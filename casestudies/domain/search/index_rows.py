"""What of a case goes into the search index, and with what weight. A = title and who, B = subject, C = text, D = rest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from psycopg.sql import SQL, Identifier

from casestudies.domain.content import TEXTS
from casestudies.domain.search.query.places import SIMILAR
from casestudies.enums import PlaceRole
from dxportal.core.kana import even_width
from dxportal.core.organizations.domain.called import NAME, spellings, true_words
from dxportal.core.textsearch.vectors import Document, key

LONGEST_PHRASE = 16
FEW_PLACES = 3  # a case of more organisations is less about each of them
WEIGHTED_TEXTS = tuple((text.weight, text.name) for text in TEXTS if text.weight)

# One statement for any number of cases: reading them object by object costs more than analysing them.
# Parts come by subqueries, not joins, which would multiply them by each other. NO KEY: rows that point to a case
# (a bookmark) may come in while it is being indexed.
ROWS = SQL("""
SELECT c.id, c.revision, {texts}, c.step, c.year, c.tags, c.keywords, d.code AS document, f.code AS field, f.name AS field_name,
    (SELECT coalesce(json_agg(json_build_array(p.role, p.name, p.kana, p.prefecture_name, p.kind, p.population,
        p.organization_id)
        ORDER BY p.role, p.position, p.id), '[]') FROM casestudies_caseplace p WHERE p.case_id = c.id) AS places,
    (SELECT coalesce(json_agg(json_build_array(g.kind, g.meaning, g.printed) ORDER BY g.kind, g.position, g.id), '[]')
        FROM casestudies_casefigure g WHERE g.case_id = c.id) AS figures,
    (SELECT coalesce(json_agg(json_build_array(a.code, a.name) ORDER BY a.id), '[]') FROM casestudies_case_areas m
        JOIN taxonomy_area a ON a.id = m.area_id WHERE m.case_id = c.id) AS areas,
    (SELECT coalesce(json_agg(json_build_array(t.vocabulary, t.code, t.name) ORDER BY t.id), '[]')
        FROM casestudies_case_terms m JOIN taxonomy_term t ON t.id = m.term_id WHERE m.case_id = c.id) AS terms,
    (SELECT string_agg(l.label, '、' ORDER BY l.position, l.id) FROM casestudies_caselink l WHERE l.case_id = c.id)
        AS links
FROM casestudies_case c
    LEFT JOIN casestudies_casedocument d ON d.id = c.document_id
    LEFT JOIN taxonomy_term f ON f.id = c.field_id
WHERE c.id = ANY(%s) ORDER BY c.id FOR NO KEY UPDATE OF c
""").format(texts=SQL(", ").join(Identifier("c", name) for _, name in WEIGHTED_TEXTS))


# What organisations, those in whose place they stand and those who stand in theirs are or were called: a case is found
# under all of these names. UNION: a circle of successions ends where it closes.
NAMES = """
WITH RECURSIVE before (root, id) AS (
    SELECT id, id FROM unnest(%s::bigint[]) AS id
    UNION SELECT root, link.predecessor_id FROM organizations_succession link JOIN before ON link.successor_id = before.id
), after (root, id) AS (
    SELECT id, id FROM unnest(%s::bigint[]) AS id
    UNION SELECT root, link.successor_id FROM organizations_succession link JOIN after ON link.predecessor_id = after.id
), line AS (SELECT * FROM before UNION SELECT * FROM after)
SELECT root, name, kana FROM line JOIN organizations_organization o ON o.id = line.id
UNION SELECT root, name, kana FROM line JOIN organizations_formername f ON f.organization_id = line.id ORDER BY 1, 2, 3
"""
Names = Mapping[int, Sequence[tuple[str, str]]]  # name and kana by organisation


class IndexedPlace(NamedTuple):
    """An organisation as ROWS reads it; ``population`` in persons, None where it is not known.

    ``others``: names and kana by which people of other years know it.
    """

    role: str
    name: str
    kana: str
    prefecture: str
    kind: str
    population: int | None
    organization: int | None = None
    others: Sequence[tuple[str, str]] = ()

    @property
    def full_name(self) -> str:
        return self.name if self.name == self.prefecture else f"{self.prefecture}{self.name}"

    def names(self, weight: str = "A") -> frozenset[tuple[str, str]]:
        names = spellings(self.name, self.kana, self.prefecture, self.kind, weight)
        for name, kana in self.others:
            names |= spellings(name, kana, self.prefecture, self.kind, weight)
        return names


Row = Mapping[str, Any]


def prepared(row: Row, names: Names) -> Row:
    """A row of ROWS with its organisations by their part in the case: ``main`` and ``similar``."""
    read = [IndexedPlace(*place) for place in row["places"]]
    places = [
        place._replace(others=[pair for pair in names.get(place.organization or 0, ()) if pair[0] != place.name])
        for place in read
    ]
    main = [place for place in places if place.role == PlaceRole.MAIN]
    return {**row, "main": main, "similar": [place for place in places if place.role != PlaceRole.MAIN]}


def document(row: Row) -> Document:
    main = row["main"]
    similar = row["similar"]
    share = "A" if len(main) <= FEW_PLACES else "B"
    names = [(share, place.full_name) for place in main]
    subject = [("A", "、".join(row["tags"])), ("B", "、".join(row["keywords"])), ("B", row["field_name"] or "")]
    closed = [("C", "、".join(words for *_, words in (*row["areas"], *row["terms"])))]
    figures = [("D", f"{meaning}、{printed}") for _, meaning, printed in row["figures"]]
    rest = [*figures, ("D", row["links"] or ""), ("D", "、".join(place.full_name for place in similar))]
    texts = [(weight, row[name]) for weight, name in WEIGHTED_TEXTS]
    keys = {(weight, key(NAME, name)) for place in main for weight, name in place.names(share)}
    keys |= {("D", key(SIMILAR, name)) for place in similar for _, name in place.names()}
    derived = {words for place in main for words in true_words(place.kind, place.population)}
    return Document(
        [texts[0], *names, *subject, *texts[1:], *closed, *rest], keys, [("C", words) for words in sorted(derived)]
    )


def sizes(row: Row) -> tuple[list[int], list[str], list[str]]:
    """Population (−1: not known), kind and prefecture of each main organisation, side by side."""
    populations = [-1 if place.population is None else place.population for place in row["main"]]
    return populations, [place.kind for place in row["main"]], [place.prefecture for place in row["main"]]


def name_words(rows: Iterable[Row]) -> set[str]:
    """Every spelling of an organisation's name, to know it in a query."""
    return {name for row in rows for place in (*row["main"], *row["similar"]) for _, name in place.names()}


def phrases(rows: Iterable[Row]) -> set[str]:
    """Tags and keywords as they stand, to know a slip in one of them."""
    written = (even_width(text) for row in rows for text in (*row["tags"], *row["keywords"]))
    return {text for text in written if len(text) <= LONGEST_PHRASE}
