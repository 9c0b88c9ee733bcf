from dxportal.core.occasions.models.busy import BusyPeriod
from dxportal.core.occasions.models.feed import CalendarFeed
from dxportal.core.occasions.models.kind import OccasionCount, OccasionKind
from dxportal.core.occasions.models.occasion import Occasion, OccasionTransition
from dxportal.core.occasions.models.people import Attendance, OccasionBody

__all__ = [
    "Attendance",
    "BusyPeriod",
    "CalendarFeed",
    "Occasion",
    "OccasionBody",
    "OccasionCount",
    "OccasionKind",
    "OccasionTransition",
]
