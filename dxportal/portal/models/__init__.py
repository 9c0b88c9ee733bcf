from dxportal.portal.models.plan import ExchangeMember, HandCount, PlanChange, PlanItem
from dxportal.portal.models.snapshot import Snapshot

__all__ = ["ExchangeMember", "HandCount", "PlanChange", "PlanItem", "Snapshot"]
