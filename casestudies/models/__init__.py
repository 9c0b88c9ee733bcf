from casestudies.models.attachment import CaseAttachment, CaseAttachmentContent
from casestudies.models.case import Case, CaseDocument, CaseTransition
from casestudies.models.index import CaseIndex, IndexedWord
from casestudies.models.parts import CaseArea, CaseFigure, CaseLink, CasePlace, CaseTerm
from casestudies.models.personal import Bookmark, SavedSearch
from casestudies.models.uptake import Uptake

__all__ = [
    "Bookmark",
    "Case",
    "CaseArea",
    "CaseAttachment",
    "CaseAttachmentContent",
    "CaseDocument",
    "CaseFigure",
    "CaseIndex",
    "CaseLink",
    "CasePlace",
    "CaseTerm",
    "CaseTransition",
    "IndexedWord",
    "SavedSearch",
    "Uptake",
]
