"""What of a case goes into the search index, and with what weight. A = title and who, B = subject, C = text, D = rest."""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from casestudies.domain.content import TEXTS
from casestudies.domain.search.bands import band_of, true_words
from casestudies.domain.search.query import prefectures
from casestudies.enums import FigureKind, PlaceKind, PlaceRole
from dxportal.core.kana import even_width
from dxportal.core.textsearch.folding import name_key
from dxportal.core.textsearch.vectors import Document, key

NAME, SIMILAR = "=", "≒"  # marks of the keys of main and of similar organisations
LONGEST_PHRASE = 16
FEW_PLACES = 3  # a case of more organisations is less about each of them
WEIGHTED_TEXTS = tuple((text.weight, text.name) for text in TEXTS if text.weight)
SUFFIXES = re.compile(r"(?<=..)(?:[都道府県市区町村]|けん|ちょう|まち|むら|そん|し|く|ふ|と)$")


# One statement for any number of cases: reading them object by object costs more than analysing them.
ROWS = """
SELECT c.id, c.revision, {texts}, c.step, c.year, c.tags, c.keywords, d.code AS document, f.code AS field, f.name AS field_name,
    (SELECT coalesce(json_agg(json_build_array(p.role, p.name, p.kana, p.prefecture_name, p.kind, p.population)
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
""".replace("{texts}", ", ".join(f"c.{name}" for _, name in WEIGHTED_TEXTS))

Row = Mapping[str, Any]


def document(row: Row) -> Document:
    main = [place for place in row["places"] if place[0] == PlaceRole.MAIN]
    similar = [place for place in row["places"] if place[0] != PlaceRole.MAIN]
    share = "A" if len(main) <= FEW_PLACES else "B"
    names = [(share, _full_name(place)) for place in main]
    subject = [("A", "、".join(row["tags"])), ("B", "、".join(row["keywords"])), ("B", row["field_name"] or "")]
    closed = [("C", "、".join(one[-1] for one in (*row["areas"], *row["terms"])))]
    figures = [("D", f"{meaning}、{printed}") for _, meaning, printed in row["figures"]]
    rest = [*figures, ("D", row["links"] or ""), ("D", "、".join(map(_full_name, similar)))]
    texts = [(weight, row[name]) for weight, name in WEIGHTED_TEXTS]
    keys = {(weight, key(NAME, name)) for place in main for weight, name in names_of(place, share)}
    keys |= {("D", key(SIMILAR, name)) for place in similar for _, name in names_of(place)}
    true = {words for *_, kind, population in main for words in true_words(kind, population)}
    return Document(
        [texts[0], *names, *subject, *texts[1:], *closed, *rest], keys, [("C", one) for one in sorted(true)]
    )


def _full_name(place: list) -> str:
    _, name, _, prefecture, *_ = place
    return name if name == prefecture else f"{prefecture}{name}"


def names_of(place: list, weight: str = "A") -> frozenset[tuple[str, str]]:
    """(weight, spelling) of everything that an organisation may be called; its prefecture weighs less."""
    _, name, kana, prefecture, kind, _ = place
    return _names(name, kana, prefecture, kind, weight)


@functools.lru_cache(maxsize=4000)  # more than there are municipalities and prefectures
def _names(name: str, kana: str, prefecture: str, kind: str, weight: str) -> frozenset[tuple[str, str]]:
    spellings = {name, kana, _bare(name), _bare(kana)}
    if name and kana and _bare(kana):
        spellings.add(f"{_bare(kana)}{name[-1]}")  # さかた市
    if prefecture and kind != PlaceKind.PREFECTURE:
        spellings.add(f"{prefecture}{name}")
    own = {(weight, name_key(one)) for one in spellings if one}
    around = (
        {("B", name_key(one)) for one in prefectures.spellings(prefecture)} if prefecture not in ("", name) else set()
    )
    return frozenset(own | around)


def _bare(name: str) -> str:
    """Without 市, 町, 県 …; "" where hardly anything is left. 北海道 and the like lose nothing that makes them a name."""
    if name == "北海道":
        return ""
    bare = SUFFIXES.sub("", name)
    return bare if bare != name and len(bare) > 1 else ""


def facets(row: Row) -> list[str]:
    """ "facet:value" of everything that the case can be narrowed down by."""
    main = [place for place in row["places"] if place[0] == PlaceRole.MAIN]
    found = {f"areas:{code}" for code, _ in row["areas"]} | {f"terms:{code}" for _, code, _ in row["terms"]}
    found |= {f"prefectures:{prefecture}" for *_, prefecture, _, _ in main if prefecture}
    found |= {f"kinds:{kind}" for *_, kind, _ in main}
    found |= {f"bands:{band}" for *_, kind, population in main if (band := band_of(kind, population))}
    single = (("steps", row["step"]), ("fields", row["field"]), ("documents", row["document"]), ("years", row["year"]))
    found |= {f"{facet}:{value}" for facet, value in single if value is not None}
    kinds = {kind for kind, *_ in row["figures"]}
    found |= {"has_cost:1"} if FigureKind.COST in kinds or row["cost_text"] else set()
    found |= {"has_figures:1"} if FigureKind.FIGURE in kinds else set()
    return sorted(found)


def sizes(row: Row) -> tuple[list[int], list[str], list[str]]:
    """Population (−1: not known), kind and prefecture of each main organisation."""
    main = [place for place in row["places"] if place[0] == PlaceRole.MAIN]
    populations = [-1 if population is None else population for *_, population in main]
    return populations, [place[4] for place in main], [place[3] for place in main]


def name_words(rows: Iterable[Row]) -> set[str]:
    """Every spelling of an organisation's name, to know it in a query."""
    return {name for row in rows for place in row["places"] for _, name in names_of(place)}


def phrases(rows: Iterable[Row]) -> set[str]:
    """Tags and keywords as they stand, to know a slip in one of them."""
    every = (even_width(one) for row in rows for one in (*row["tags"], *row["keywords"]))
    return {one for one in every if len(one) <= LONGEST_PHRASE}
