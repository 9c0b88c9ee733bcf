from dxportal.core.people.models.contact import Contact
from dxportal.core.people.models.supporter import Capacity, Supporter, SupporterCapacity

__all__ = ["Capacity", "Contact", "Supporter", "SupporterCapacity"]
