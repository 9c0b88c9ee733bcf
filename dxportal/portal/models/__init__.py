from dxportal.portal.models.brief import Brief
from dxportal.portal.models.plan import ExchangeMember, HandCount, PlanChange, PlanItem
from dxportal.portal.models.snapshot import Snapshot

__all__ = ["Brief", "ExchangeMember", "HandCount", "PlanChange", "PlanItem", "Snapshot"]
