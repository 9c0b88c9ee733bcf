"""What a topic says to those present, as plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consultations.enums import RemarkKind, TopicAudience

KINDS: tuple[str, ...] = tuple(RemarkKind.values)
# The record's own remarks, one of each kind, keep the first places; what is said later stands after them.
LATER = 100
PLAIN = ("title", "raised_by", "outcome", "audience", "contact")
TEXTS = (*KINDS, "outcome")
LABELS = {**dict(RemarkKind.choices), "title": "論点", "raised_by": "話題にした人", "outcome": "結果"}
LIMITS = {"title": 200, "raised_by": 100}
LIMIT = 4000
MOST_LINKS = 10


@dataclass(frozen=True, slots=True)
class TopicLinkPart:
    """A case of the library by its key, or an address; ``title`` names the address."""

    title: str = ""
    url: str = ""
    case: int | None = None


@dataclass(frozen=True, slots=True)
class TopicContent:
    """``area``: key of the field; ``remarks``: by kind, what the record says of it ("" or missing: nothing)."""

    title: str
    area: int | None = None
    raised_by: str = ""
    outcome: str = ""
    audience: str = TopicAudience.PREFECTURE
    contact: bool = False
    remarks: Mapping[str, str] = field(default_factory=dict)
    links: tuple[TopicLinkPart, ...] = ()

    def remark(self, kind: str) -> str:
        return self.remarks.get(kind, "")
