"""How much of a prefecture's figures a person may see, and the rest left out of the data before a page gets it."""

from dataclasses import dataclass
from typing import Any

from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.portal.enums import PUBLIC

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """``towns``: whose names, scores and answers are shown; None: the whole prefecture's.

    ``public``: reads the rows made for municipalities; then ``towns`` only says which kartes may be opened.
    """

    prefecture: int
    towns: frozenset[int] | None
    public: bool = False

    @property
    def everything(self) -> bool:
        return self.towns is None

    def kind(self, kind: str) -> str:
        """The kind of snapshot that this audience reads."""
        return f"{kind}{PUBLIC}" if self.public else str(kind)

    def opens(self, town: int, prefecture: int) -> bool:
        """Whether the karte of the town is theirs to open."""
        return prefecture == self.prefecture and (self.towns is None or town in self.towns)

    @property
    def mark(self) -> str:
        """Tells audiences apart that must not share a cached page."""
        towns = "all" if self.towns is None else ",".join(map(str, sorted(self.towns)))
        return f"{self.prefecture}:{'public' if self.public else 'full'}:{towns}"


def audience_of(user) -> Audience | None:
    """None for a person without a membership. One query for bureau staff and consultants, none for the others."""
    acting = user.acting
    if acting is None:
        return None
    organization = acting.organization
    if organization.kind == OrganizationKind.MUNICIPALITY:
        return Audience(organization.prefecture_id, frozenset({organization.pk}), public=True)
    if organization.kind == OrganizationKind.PREFECTURE and acting.role != Role.CONSULTANT:
        return Audience(organization.pk, None)
    towns = Organization.objects.for_user(user).municipalities().values_list("pk", flat=True)
    return Audience(organization.prefecture_id, frozenset(towns))


def board(data: Data, audience: Audience) -> Data:
    """Means and counts of the whole; municipalities by name only in reach."""
    if audience.public:
        return data
    towns = [town for town in data["towns"] if audience.opens(town["id"], town["prefecture_id"])]
    seen = {town["id"] for town in towns}
    flows = [{**flow, "ids": [one for one in flow["ids"] if one in seen]} for flow in data["flows"]]
    return {**data, "towns": towns, "flows": flows}


def question(data: Data, audience: Audience) -> Data:
    """Counts of the whole; names, texts and single numbers only in reach."""
    if audience.public or audience.everything:
        return data
    names = {town: name for town, name in data["names"].items() if int(town) in audience.towns}
    numbers = data["numbers"]
    if numbers:
        numbers = {**numbers, "values": [pair for pair in numbers["values"] if str(pair[0]) in names]}
    texts = [pair for pair in data["texts"] if str(pair[0]) in names]
    withheld = len(data["texts"]) - len(texts)
    return {**data, "names": names, "texts": texts, "texts_withheld": withheld, "numbers": numbers}


def matrix(data: Data, audience: Audience) -> Data:
    """Rows in reach; of a survey with named answers that municipalities read, all of them."""
    if audience.public:
        return data
    return {**data, "towns": [town for town in data["towns"] if audience.opens(town["id"], town["prefecture_id"])]}
