"""The facets at the side and the conditions above the results."""

from collections.abc import Iterator
from dataclasses import dataclass

from casestudies.domain.search.facets import Facet
from casestudies.domain.search.nothing_found import NEAR
from casestudies.views.search.inquiry import Inquiry

SHOWN = 6
NEAR_LABEL = "自分の市町村に近い"


@dataclass(frozen=True, slots=True)
class FacetOption:
    """A checkbox. ``count``: results with it."""

    id: str
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet; ``rest`` is folded until somebody wants it or a value in it is chosen."""

    name: str
    heading: str
    options: list[FacetOption]
    rest: list[FacetOption]

    @property
    def opened(self) -> bool:
        return any(option.selected for option in self.rest)


@dataclass(frozen=True, slots=True)
class ConditionTag:
    """A condition with the address of the search without it."""

    kind: str
    label: str
    href: str


def groups(inquiry: Inquiry) -> list[FacetGroup]:
    """The facets that offer a choice, and those already chosen from."""
    all_groups = [group_of(inquiry, facet) for facet in inquiry.address.facets.offered()]
    return [group for group in all_groups if len(group.options) > 1 or any(option.selected for option in group.options)]


def group_of(inquiry: Inquiry, facet: Facet) -> FacetGroup:
    name = facet.parameter
    options = [
        FacetOption(f"facet-{name}-{value.value}", value.value, value.label, value.count, value.selected)
        for value in inquiry.facets[facet.key]
        if value.count or value.selected
    ]
    # A single value is never folded: the fold itself would take its place.
    fold = SHOWN if len(options) > SHOWN + 1 else len(options)
    return FacetGroup(name, facet.heading, options[:fold], options[fold:])


def flag_options(inquiry: Inquiry) -> list[FacetOption]:
    """Single checkboxes; 「近い」 only where there is a municipality to be near to."""
    address = inquiry.address
    options = []
    for facet in address.facets.flags():
        count = next((value.count for value in inquiry.facets[facet.key]), 0)
        options.append(_flag_option(inquiry, facet.parameter, facet.heading, count))
    if inquiry.standpoint:
        count = inquiry.count if NEAR in address.flags else inquiry.near_count()
        options.append(_flag_option(inquiry, NEAR, near_label(inquiry), count))
    return options


def _flag_option(inquiry: Inquiry, name: str, label: str, count: int) -> FacetOption:
    return FacetOption(f"facet-{name}", name, label, count, name in inquiry.address.flags)


def near_label(inquiry: Inquiry) -> str:
    own = inquiry.home and inquiry.user.acting.organization_id == inquiry.home.pk
    return f"{inquiry.home.name}に近い" if inquiry.home and not own else NEAR_LABEL


def tags(inquiry: Inquiry) -> list[ConditionTag]:
    """Wishes read from the words first, then what was ticked."""
    wishes = [
        ConditionTag("検索語から", wish.label, inquiry.link(inquiry.address.ignoring(wish.code)))
        for wish in inquiry.result.reading.wishes
    ]
    return [*wishes, *chosen_tags(inquiry)]


def chosen_tags(inquiry: Inquiry) -> Iterator[ConditionTag]:
    address = inquiry.address
    for facet in address.facets.offered():
        labels = {value.value: value.label for value in inquiry.facets[facet.key]}
        for value in address.chosen.get(facet.parameter, ()):
            label = labels.get(value, value)
            kind = "" if label.startswith(facet.heading) else facet.heading
            yield ConditionTag(kind, label, inquiry.link(address.without(facet.parameter, value)))
    for facet in address.facets.flags():
        if facet.parameter in address.flags:
            yield ConditionTag("", facet.heading, inquiry.link(address.without(facet.parameter)))
    if NEAR in address.flags and inquiry.standpoint:
        yield ConditionTag("", near_label(inquiry), inquiry.link(address.without(NEAR)))
