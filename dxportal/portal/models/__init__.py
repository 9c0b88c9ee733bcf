from dxportal.portal.models.brief import Brief
from dxportal.portal.models.knowledge import Knowledge, KnowledgeWord
from dxportal.portal.models.plan import ExchangeMember, HandCount, PlanChange, PlanItem
from dxportal.portal.models.recheck import Recheck
from dxportal.portal.models.report import ReportResult, SupportSurvey, SupportVoice
from dxportal.portal.models.snapshot import Snapshot

__all__ = [
    "Brief",
    "ExchangeMember",
    "HandCount",
    "Knowledge",
    "KnowledgeWord",
    "PlanChange",
    "PlanItem",
    "Recheck",
    "ReportResult",
    "Snapshot",
    "SupportSurvey",
    "SupportVoice",
]
