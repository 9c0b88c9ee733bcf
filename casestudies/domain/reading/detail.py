"""A case as its page shows it: only what is there, in the order in which people read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from casestudies.domain.content import SECTIONS
from casestudies.enums import STEPS, Basis, FigureKind, PlaceKind, PlaceRole
from casestudies.models import Case, CaseAttachment, CaseFigure, CasePlace
from dxportal.core.organizations.models import Profile
from dxportal.core.taxonomy.enums import Vocabulary
from dxportal.core.taxonomy.models import Term
from dxportal.core.ui import numbers

WEB = ("http://", "https://")
ALIKE = (Decimal("0.8"), Decimal("1.25"))


@dataclass(frozen=True, slots=True)
class TextSection:
    key: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where one can read on. ``opens``: it is a web address, so that it may be a link at all."""

    label: str
    url: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An organisation that does something alike."""

    name: str
    note: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A number with its unit and meaning; ``printed``: as the document writes it, "" for a contributed one."""

    meaning: str
    number: str
    printed: str

    @property
    def text(self) -> str:
        return self.printed or self.number


@dataclass(frozen=True)
class CaseOutline:
    """A case in a list, on a handout, in a sheet."""

    case: Case
    places: tuple[CasePlace, ...]
    figures: tuple[ShownFigure, ...]
    costs: tuple[ShownFigure, ...]

    @property
    def organizations(self) -> str:
        """「富山県・長野県」; nothing for a case that names none yet."""
        return "・".join(place.full_name for place in self.places)

    @property
    def step(self) -> str:
        return step_label(self.case)

    @property
    def step_basis(self) -> str:
        """「推定」 and the like; "" where the document prints the step."""
        return basis_word(self.case.step_basis) if self.case.step is not None else ""

    @property
    def source(self) -> str:
        return source_label(self.case)


@dataclass(frozen=True)
class CasePage(CaseOutline):
    """The parts of a page. Empty ones are empty tuples: the page leaves their headings out."""

    neighbours: tuple[Neighbour, ...]
    sections: tuple[TextSection, ...]
    links: tuple[Address, ...]
    attachments: tuple[CaseAttachment, ...]
    outcomes: tuple[Term, ...]
    mindsets: tuple[Term, ...]


def with_parts(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What ``page_of`` needs, in one query a kind."""
    rows = cases.select_related("document", "field", "organization", "prefecture")
    return rows.prefetch_related("places", "figures", "links", "areas", "terms", "attachments")


def outline(case: Case) -> CaseOutline:
    """Needs ``places`` and ``figures`` fetched."""
    return CaseOutline(**_outline(case))


def _outline(case: Case) -> dict[str, Any]:
    figures = list(case.figures.all())
    return {
        "case": case,
        "places": tuple(place for place in case.places.all() if place.role == PlaceRole.MAIN),
        "figures": tuple(figure_of(figure) for figure in figures if figure.kind == FigureKind.FIGURE),
        "costs": tuple(figure_of(figure) for figure in figures if figure.kind == FigureKind.COST),
    }


def page_of(case: Case) -> CasePage:
    """The page's parts, from a case of ``with_parts``."""
    terms = list(case.terms.all())
    texts = ((field, getattr(case, field.name)) for field in SECTIONS)
    return CasePage(
        **_outline(case),
        neighbours=tuple(
            Neighbour(place.full_name, place.note, web_address(place.full_name, place.url) if place.url else None)
            for place in case.places.all()
            if place.role == PlaceRole.SIMILAR
        ),
        sections=tuple(TextSection(field.name, field.label, text) for field, text in texts if text.strip()),
        links=tuple(web_address(link.label, link.url) for link in case.links.all()),
        attachments=tuple(case.attachments.all()),
        outcomes=tuple(term for term in terms if term.vocabulary == Vocabulary.OUTCOME),
        mindsets=tuple(term for term in terms if term.vocabulary == Vocabulary.MINDSET),
    )


def web_address(label: str, url: str) -> Address:
    return Address(label, url, url.startswith(WEB))


def step_label(case: Case) -> str:
    return "" if case.step is None else STEPS[case.step]


def basis_word(basis: str) -> str:
    """What to put beside a statement that the document does not print itself."""
    return "" if basis == Basis.PRINTED else Basis(basis).label


def source_label(case: Case) -> str:
    """「参考事例集 12ページ」, 「… 独自の取組一覧 3件目」; "" for a case that somebody contributed."""
    if case.document is None:
        return ""
    where = [f"{case.page}ページ"] if case.page is not None else []
    return " ".join([case.document.title, *where, *([case.place] if case.place else [])])


def trimmed(value: Decimal) -> int | Decimal:
    """Without the zeros that the column's four decimals add."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def figure_of(figure: CaseFigure) -> ShownFigure:
    number = f"{numbers.plain(trimmed(figure.value))}{figure.unit}"
    return ShownFigure(figure.meaning, number, figure.printed)


def compared(places: Sequence[CasePlace], user) -> str:
    """「あさひ町（8,000人）の約2.3倍の人口」 for a municipality's reader; "" where a population is unknown.

    Of several organisations the nearest in size is compared, by its name. A prefecture is no measure for a
    municipality, nor is it one for itself.
    """
    home = user.acting.organization if user.acting else None
    sizes = [(place.population, place) for place in places if place.population and place.kind != PlaceKind.PREFECTURE]
    if home is None or not home.is_municipality or not sizes:
        return ""
    if any(place.organization_id == home.pk for place in places):
        return ""
    newest = Profile.objects.filter(organization=home, population__gt=0).order_by("-fiscal_year").first()
    if newest is None or newest.population is None:
        return ""
    own = newest.population
    population, nearest = min(sizes, key=lambda size: max(size[0], own) / min(size[0], own))
    which = f"{nearest.full_name}は" if len(places) > 1 else ""
    mine = f"{which}{home.name}（{numbers.plain(own)}人）"
    ratio = Decimal(population) / own
    if ALIKE[0] <= ratio <= ALIKE[1]:
        return f"{mine}と同じくらいの人口"
    digits = 0 if ratio >= 10 else 1 if ratio >= Decimal("0.1") else 2
    return f"{mine}の約{numbers.plain(ratio, digits)}倍の人口"
