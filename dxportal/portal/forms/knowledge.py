"""The address of a search over cases and released topics."""

from typing import ClassVar

from casestudies.domain.search.facets import FacetTable
from casestudies.forms.search.address import SearchAddress
from dxportal.portal.domain.knowledge.corpus import FACETS


class KnowledgeAddress(SearchAddress):
    """As of a search for cases, narrowed down by what both kinds have."""

    __slots__ = ()
    facets: ClassVar[FacetTable] = FACETS
