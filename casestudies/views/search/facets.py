"""The facets at the side and the tags above the results."""

from collections.abc import Iterator
from dataclasses import dataclass

from casestudies.views.search.common import Asked

SHOWN = 6
# (facet of the engine, parameter, heading)
GROUPS = (
    ("steps", "step", "ステップ"),
    ("fields", "field", "取組の区分"),
    ("areas", "area", "分野"),
    ("prefectures", "prefecture", "都道府県"),
    ("bands", "band", "人口規模"),
    ("kinds", "kind", "団体の区分"),
    ("documents", "document", "出典資料"),
    ("years", "year", "年度"),
)
FLAG_LABELS = {"cost": "費用の金額あり", "figures": "数値の成果あり", "near": "自分の市町村に近い"}


@dataclass(frozen=True, slots=True)
class Value:
    """A checkbox. ``count``: results with it, or None where it isn't counted."""

    id: str
    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A facet; ``rest`` is folded until somebody wants it or a value in it is chosen."""

    name: str
    heading: str
    values: list[Value]
    rest: list[Value]

    @property
    def opened(self) -> bool:
        return any(one.selected for one in self.rest)


@dataclass(frozen=True, slots=True)
class Tag:
    """A condition with the address of the search without it."""

    kind: str
    label: str
    href: str


def groups(asked: Asked) -> list[Group]:
    """The facets that offer a choice, and those already chosen from."""
    made = [_group(name, heading, asked.facets.get(key, ())) for key, name, heading in GROUPS]
    return [one for one in made if len(one.values) > 1 or any(value.selected for value in one.values)]


def _group(name: str, heading: str, facets) -> Group:
    values = [
        Value(f"facet-{name}-{one.value}", one.value, one.label, one.count, one.selected)
        for one in facets
        if one.count or one.selected
    ]
    fold = SHOWN if len(values) > SHOWN + 1 else len(values)
    return Group(name, heading, values[:fold], values[fold:])


def flags(asked: Asked) -> list[Value]:
    """Single checkboxes; 「近い」 only where there is a municipality to be near to."""
    names = [name for name in FLAG_LABELS if name != "near" or asked.place]
    return [
        Value(f"facet-{name}", name, flag_label(asked, name), _flag_count(asked, name), name in asked.query.flags)
        for name in names
    ]


def _flag_count(asked: Asked, name: str) -> int:
    if name == "near":
        return asked.count if "near" in asked.query.flags else asked.near_count()
    return next((one.count for one in asked.facets.get(f"has_{name}", ())), 0)


def flag_label(asked: Asked, name: str) -> str:
    own = asked.home and asked.user.acting.organization_id == asked.home.pk
    return f"{asked.home.name}に近い" if name == "near" and asked.home and not own else FLAG_LABELS[name]


def tags(asked: Asked) -> list[Tag]:
    """Wishes read from the words first, then what was ticked."""
    return [*_wishes(asked), *_chosen(asked)]


def _wishes(asked: Asked) -> Iterator[Tag]:
    for wish in asked.found.reading.wishes:
        yield Tag("検索語から", wish.label, asked.link(asked.query.ignoring(wish.code)))


def _chosen(asked: Asked) -> Iterator[Tag]:
    for key, name, heading in GROUPS:
        labels = {one.value: one.label for one in asked.facets.get(key, ())}
        for value in asked.query.chosen.get(name, ()):
            label = labels.get(value, value)
            kind = "" if label.startswith(heading) else heading
            yield Tag(kind, label, asked.link(asked.query.without(name, value)))
    for name in FLAG_LABELS:
        if name in asked.query.flags and (name != "near" or asked.place):
            yield Tag("", flag_label(asked, name), asked.link(asked.query.without(name)))
