"""How the sessions of a kind are held: targets, caps, who comes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consultations.enums import AttendanceRule


@dataclass(frozen=True, slots=True)
class KindRules:
    """``target``: sessions a year of the prefecture; ``cap``: at most so many a year and town; None: no number.

    ``attendance``: code of a capacity → "must" or "may"; what is not in it is 定めなし.
    """

    code: str
    name: str = ""
    target: int | None = None
    lead: str = ""
    minutes: int = 60
    cap: int | None = None
    attendance: Mapping[str, str] = field(default_factory=dict)
    deliverable: bool = False
    years_plan: bool = False
    is_active: bool = True

    def rule_for(self, capacity: str) -> AttendanceRule:
        return AttendanceRule(self.attendance.get(capacity, ""))

    def may_add(self, held: int, more: int = 1) -> bool:
        """Whether a town with ``held`` sessions of the year may have ``more``."""
        return self.cap is None or held + more <= self.cap
