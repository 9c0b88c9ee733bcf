"""The name under which a search is kept, and what is kept."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from casestudies.domain.search.saved import LONGEST_NAME
from casestudies.forms.search.address import SearchAddress
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm

LONGEST_QUERY = 20_000  # characters of an address


class SavedSearchNameForm(PortalForm):
    name = JpCharField(label="名前", limit=LONGEST_NAME)


class SaveSearchForm(SavedSearchNameForm):
    """``query`` becomes the one address of the search."""

    query = forms.CharField(required=False, widget=forms.HiddenInput)
    replace = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        address = SearchAddress.read(QueryDict(self.cleaned_data["query"][:LONGEST_QUERY])).known().at(1)
        if address.is_empty:
            raise ValidationError("検索のことばか絞り込みの条件がある検索を保存できます。")
        return address.encode()
