"""The address of a search: read leniently, written in one order, so that the same search has one address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from casestudies.enums import STEPS, PlaceKind
from casestudies.models import CaseDocument
from dxportal.core.taxonomy.enums import Vocabulary
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.textsearch.language import LONGEST_QUERY

LONGEST_TEXT = LONGEST_QUERY
MOST_VALUES = 60  # of one facet
LAST_PAGE = 100_000
SORTS = {"best": "合致順", "nearest": "人口が近い順", "newest": "新しい順"}
FACETS = ("step", "field", "area", "prefecture", "band", "kind", "document", "year")
FLAGS = ("cost", "figures", "near")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_CODE = re.compile(r"[0-9A-Za-z_-]{1,50}", re.ASCII)
_WISH = re.compile(r"[^\x00-\x20\x7f\ud800-\udfff]{1,100}")
_SHAPES = {
    "step": re.compile("|".join(map(str, STEPS))),
    "prefecture": re.compile(r"[\u3041-\u9fff々]{2,4}[都道府県]"),
    "kind": re.compile("|".join(PlaceKind.values)),
    "year": re.compile(r"[12]\d{3}", re.ASCII),
}
_KNOWN = {
    "field": Term.objects.filter(vocabulary__in=(Vocabulary.FIELD, Vocabulary.LAYER)),
    "area": Area.objects.all(),
    "document": CaseDocument.objects.all(),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What an address asks for; what it can't mean is left out.

    ``chosen``: facet → its values in order. ``ignored``: codes of wishes in the text that the person took back.
    ``town``: the municipality to compare with, for those who have none. ``cut``: the text was longer than taken.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    town: int | None = None
    ignored: tuple[str, ...] = ()
    sort: str = "best"
    page: int = 1
    cut: bool = False

    @classmethod
    def read(cls, data: QueryDict) -> "Query":
        text = " ".join(_CONTROL.sub(" ", data.get("q", "")).split())
        sort = data.get("sort", "")
        return cls(
            text=text[:LONGEST_TEXT].strip(),
            chosen=_chosen(data),
            flags=frozenset(flag for flag in FLAGS if data.get(flag) == "1"),
            town=_number(data.get("town", "")),
            ignored=tuple(_codes(data, "skip", _WISH)),
            sort=sort if sort in SORTS else "best",
            page=min(_number(data.get("page", "")) or 1, LAST_PAGE),
            cut=len(text) > LONGEST_TEXT,
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The parameters in the order of the form; what says nothing is left out."""
        if self.text:
            yield "q", self.text
        yield from ((flag, "1") for flag in FLAGS if flag in self.flags)
        if self.town:
            yield "town", str(self.town)
        for name in FACETS:
            yield from ((name, value) for value in self.chosen.get(name, ()))
        yield from (("skip", code) for code in self.ignored)
        if self.sort != "best":
            yield "sort", self.sort
        if self.page > 1:
            yield "page", str(self.page)

    def encode(self, **more: str | int) -> str:
        """「q=…&step=2」; ``more`` comes last."""
        return urlencode([*self.pairs(), *more.items()])

    @property
    def href(self) -> str:
        """The query as a link on the search page itself."""
        return f"?{self.encode()}"

    @property
    def narrows(self) -> bool:
        return bool(self.chosen or self.flags)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.narrows)

    def at(self, page: int) -> "Query":
        return replace(self, page=page)

    def without(self, name: str, value: str = "") -> "Query":
        """The first page of the same search without this facet's value (all of them for "") or this flag."""
        if name in FLAGS:
            return replace(self, flags=self.flags - {name}, page=1)
        rest = tuple(one for one in self.chosen.get(name, ()) if value and one != value)
        others = {key: values for key, values in self.chosen.items() if key != name}
        return replace(self, chosen=others | ({name: rest} if rest else {}), page=1)

    def ignoring(self, *codes: str) -> "Query":
        return replace(self, ignored=tuple(sorted({*self.ignored, *codes})), page=1)

    def saying(self, text: str) -> "Query":
        """Other words, with the same facets; what was taken back belonged to the old words."""
        return replace(self, text=text, ignored=(), page=1)

    def only_text(self, *codes: str) -> "Query":
        """The same words with no facet, and with these wishes taken back."""
        return Query(text=self.text, town=self.town, sort=self.sort).ignoring(*self.ignored, *codes)

    def known(self) -> "Query":
        """Without codes that the taxonomy doesn't have; asks the database only where such codes are."""
        chosen = dict(self.chosen)
        for name, rows in _KNOWN.items():
            if name in chosen:
                found = set(rows.filter(code__in=chosen[name]).values_list("code", flat=True))
                chosen[name] = tuple(one for one in chosen[name] if one in found)
        return replace(self, chosen={name: values for name, values in chosen.items() if values})


def _chosen(data: QueryDict) -> dict[str, tuple[str, ...]]:
    read = {name: tuple(_codes(data, name, _SHAPES.get(name, _CODE))) for name in FACETS}
    return {name: values for name, values in read.items() if values}


def _codes(data: QueryDict, name: str, shape: re.Pattern[str]) -> list[str]:
    return sorted({value for value in data.getlist(name)[:MOST_VALUES] if shape.fullmatch(value)})


def _number(text: str) -> int | None:
    """A positive number that the database could hold."""
    return int(text) or None if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
