"""How much of a prefecture's figures a person may see; the rest is left out before a page gets it. Pure."""

from dataclasses import dataclass, replace

from dxportal.portal.domain.dashboard.content import Dashboard
from dxportal.portal.domain.matrix import MatrixTown
from dxportal.portal.domain.questions import NamedTown, QuestionFigures


@dataclass(frozen=True, slots=True)
class FigureAudience:
    """``towns``: whose names, scores and answers are shown; None: the whole prefecture's.

    ``public``: reads the rows made for municipalities; then ``towns`` only says which kartes may be opened.
    """

    prefecture: int
    towns: frozenset[int] | None
    public: bool = False

    @property
    def everything(self) -> bool:
        return self.towns is None

    def opens(self, town: int, prefecture: int) -> bool:
        """Whether the karte of the town is theirs to open."""
        return prefecture == self.prefecture and (self.towns is None or town in self.towns)

    @property
    def mark(self) -> str:
        """Tells audiences apart that must not share a cached page."""
        towns = "all" if self.towns is None else ",".join(map(str, sorted(self.towns)))
        return f"{self.prefecture}:{'public' if self.public else 'full'}:{towns}"


def dashboard(full: Dashboard, audience: FigureAudience) -> Dashboard:
    """Means and counts of the whole; municipalities by name only in reach."""
    if audience.public:
        return full
    towns = tuple(town for town in full.towns if audience.opens(town.id, town.prefecture_id))
    seen = {town.id for town in towns}
    flows = tuple(replace(flow, towns=tuple(town for town in flow.towns if town in seen)) for flow in full.flows)
    joined = tuple(joined for joined in full.joined if joined.town in seen)
    return replace(full, towns=towns, flows=flows, joined=joined)


def names(full: dict[int, NamedTown], audience: FigureAudience) -> dict[int, NamedTown]:
    """Whom a page about answers may name."""
    if audience.public or audience.towns is None:
        return full
    return {town: name for town, name in full.items() if town in audience.towns}


def question(full: QuestionFigures, known: dict[int, NamedTown], audience: FigureAudience) -> QuestionFigures:
    """Counts of the whole; texts and single numbers only of those whom ``names`` leaves."""
    if audience.public or audience.everything:
        return full
    numbers = full.numbers
    if numbers:
        numbers = replace(numbers, values=tuple(pair for pair in numbers.values if pair[0] in known))
    texts = tuple(pair for pair in full.texts if pair[0] in known)
    return replace(full, texts=texts, texts_withheld=len(full.texts) - len(texts), numbers=numbers)


def matrix(towns: list[MatrixTown], audience: FigureAudience) -> list[MatrixTown]:
    """Rows in reach; of a survey with named answers that municipalities read, all of them."""
    if audience.public:
        return towns
    return [town for town in towns if audience.opens(town.id, town.prefecture_id)]
