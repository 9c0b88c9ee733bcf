from consultations.models.action import Action, ActionTransition
from consultations.models.digest import DigestSetting
from consultations.models.kind import AgreedFrequency, SessionKind
from consultations.models.session import MoveRequest, Session, SessionMemo, SessionReply

__all__ = [
    "Action",
    "ActionTransition",
    "AgreedFrequency",
    "DigestSetting",
    "MoveRequest",
    "Session",
    "SessionKind",
    "SessionMemo",
    "SessionReply",
]
