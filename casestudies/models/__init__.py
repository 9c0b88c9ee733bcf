from casestudies.models.attachment import Attachment, AttachmentContent
from casestudies.models.case import Case, CaseDocument, CaseTransition
from casestudies.models.index import CaseIndex
from casestudies.models.parts import CaseFigure, CaseLink, CasePlace
from casestudies.models.personal import Bookmark, SavedSearch
from casestudies.models.uptake import Uptake

__all__ = [
    "Attachment",
    "AttachmentContent",
    "Bookmark",
    "Case",
    "CaseDocument",
    "CaseFigure",
    "CaseIndex",
    "CaseLink",
    "CasePlace",
    "CaseTransition",
    "SavedSearch",
    "Uptake",
]
