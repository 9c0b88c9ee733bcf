from consultations.models.action import Action, ActionTransition
from consultations.models.digest import DigestSetting
from consultations.models.kind import AgreedFrequency, SessionKind
from consultations.models.materials import Preparation, SessionAttachment, SessionAttachmentContent, Snippet
from consultations.models.product import ProductContract
from consultations.models.question import AskedTown, AskingConsent, TownAnswer, TownQuestion, TownQuestionTransition
from consultations.models.session import MoveRequest, Session, SessionMemo, SessionReply
from consultations.models.sharing import ContactRequest, ReleaseDigest, TopicRules
from consultations.models.shelf import (
    ShelfAgreement,
    ShelfFile,
    ShelfFileContent,
    ShelfItem,
    ShelfTaking,
    ShelfTransition,
    ShelfVersion,
)
from consultations.models.skip import SkippedMonth
from consultations.models.topic import (
    Remark,
    Topic,
    TopicAttachment,
    TopicAttachmentContent,
    TopicLink,
    TopicTransition,
)
from consultations.models.topic_index import TopicIndex, TopicWord

__all__ = [
    "Action",
    "ActionTransition",
    "AgreedFrequency",
    "AskedTown",
    "AskingConsent",
    "ContactRequest",
    "DigestSetting",
    "MoveRequest",
    "Preparation",
    "ProductContract",
    "ReleaseDigest",
    "Remark",
    "Session",
    "SessionAttachment",
    "SessionAttachmentContent",
    "SessionKind",
    "SessionMemo",
    "SessionReply",
    "ShelfAgreement",
    "ShelfFile",
    "ShelfFileContent",
    "ShelfItem",
    "ShelfTaking",
    "ShelfTransition",
    "ShelfVersion",
    "SkippedMonth",
    "Snippet",
    "Topic",
    "TopicAttachment",
    "TopicAttachmentContent",
    "TopicIndex",
    "TopicLink",
    "TopicRules",
    "TopicTransition",
    "TopicWord",
    "TownAnswer",
    "TownQuestion",
    "TownQuestionTransition",
]
