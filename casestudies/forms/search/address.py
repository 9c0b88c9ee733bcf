"""The address of a search: read leniently, written in one order, so that the same search has one address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from casestudies.domain.search.facets import FACETS, FacetTable
from casestudies.domain.search.nothing_found import NEAR
from casestudies.domain.search.search import BEST, NEAREST, NEWEST
from dxportal.core.textsearch.language import LONGEST_QUERY
from dxportal.core.ui.pages import AddressFlag, AddressForm, AddressNumber, AddressText

LONGEST_TEXT = LONGEST_QUERY
MOST_VALUES = 60  # of one facet
SORTS = {BEST: "合致順", NEAREST: "人口が近い順", NEWEST: "新しい順"}
_WISH = re.compile(r"[^\x00-\x20\x7f\ud800-\udfff]{1,100}")


class AddressCodes(forms.Field):
    """Any number of values of this shape, in order; what has another shape drops out."""

    widget = forms.MultipleHiddenInput

    def __init__(self, shape: re.Pattern[str], former: Mapping[str, tuple[str, ...]] | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.shape = shape
        self.former = former or {}

    def to_python(self, value: Any) -> tuple[str, ...]:
        given = [text for text in (value or ())[:MOST_VALUES] if text in self.former or self.shape.fullmatch(text)]
        return tuple(sorted({now for text in given for now in self.former.get(text, (text,))}))


class SearchForm(AddressForm):
    """The parameters of a search; those of the facets come out of their table."""

    q = AddressText(limit=LONGEST_TEXT + 1)  # one more, to tell that it was cut
    town = AddressNumber()
    skip = AddressCodes(_WISH)
    sort = forms.ChoiceField(choices=list(SORTS.items()))

    def __init__(self, data: Any, table: FacetTable = FACETS):
        super().__init__(data)
        for facet in table.offered():
            self.fields[facet.parameter] = AddressCodes(facet.shape, facet.former, required=False)
        for flag in flag_parameters(table):
            self.fields[flag] = AddressFlag(required=False)


def flag_parameters(table: FacetTable) -> list[str]:
    return [*(facet.parameter for facet in table.flags()), NEAR]


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """What an address asks for; what it can't mean is left out.

    ``chosen``: a facet's parameter → its values in order. ``ignored``: codes of wishes in the text that the person took
    back. ``town``: the municipality to compare with, for those who have none. ``cut``: the text was longer than taken.
    """

    facets: ClassVar[FacetTable] = FACETS

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    town: int | None = None
    ignored: tuple[str, ...] = ()
    sort: str = BEST
    page: int = 1
    cut: bool = False

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        form = SearchForm(data, cls.facets)
        values = vars(form.values)
        chosen = {facet.parameter: values[facet.parameter] for facet in cls.facets.offered()}
        return cls(
            text=values["q"][:LONGEST_TEXT].strip(),
            chosen={name: codes for name, codes in chosen.items() if codes},
            flags=frozenset(flag for flag in flag_parameters(cls.facets) if values[flag]),
            town=values["town"] or None,
            ignored=values["skip"],
            sort=values["sort"] or BEST,
            page=max(1, form.page),
            cut=len(values["q"]) > LONGEST_TEXT,
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The parameters in the order of the form; what says nothing is left out."""
        if self.text:
            yield "q", self.text
        yield from ((flag, "1") for flag in flag_parameters(self.facets) if flag in self.flags)
        if self.town:
            yield "town", str(self.town)
        for facet in self.facets.offered():
            yield from ((facet.parameter, value) for value in self.chosen.get(facet.parameter, ()))
        yield from (("skip", code) for code in self.ignored)
        if self.sort != BEST:
            yield "sort", self.sort
        if self.page > 1:
            yield "page", str(self.page)

    def encode(self, **more: str | int) -> str:
        """「q=…&step=2」; ``more`` comes last."""
        return urlencode([*self.pairs(), *more.items()])

    @property
    def narrows(self) -> bool:
        return bool(self.chosen or self.flags)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.narrows)

    def at(self, page: int) -> Self:
        return replace(self, page=page)

    def without(self, name: str, value: str = "") -> Self:
        """The first page of the same search without this facet's value (all of them for "") or this flag."""
        if name in self.flags:
            return replace(self, flags=self.flags - {name}, page=1)
        rest = tuple(code for code in self.chosen.get(name, ()) if value and code != value)
        others = {other: codes for other, codes in self.chosen.items() if other != name}
        return replace(self, chosen=others | ({name: rest} if rest else {}), page=1)

    def ignoring(self, *codes: str) -> Self:
        return replace(self, ignored=tuple(sorted({*self.ignored, *codes})), page=1)

    def saying(self, text: str) -> Self:
        """Other words, with the same facets; what was taken back belonged to the old words."""
        return replace(self, text=text, ignored=(), page=1)

    def only_text(self, *codes: str) -> Self:
        """The same words with no facet, and with these wishes taken back."""
        return type(self)(text=self.text, town=self.town, sort=self.sort).ignoring(*self.ignored, *codes)

    def known(self) -> Self:
        """Without values that nobody has a word for; asks the database only where there are values of its lists."""
        chosen: dict[str, tuple[str, ...]] = {}
        for facet in self.facets.offered():
            values = self.chosen.get(facet.parameter, ())
            labels = facet.labels(values)
            if known := tuple(value for value in values if value in labels):
                chosen[facet.parameter] = known
        return replace(self, chosen=chosen)
