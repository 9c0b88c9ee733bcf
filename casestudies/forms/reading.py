"""What readers type: a note to a bookmark, and how far a municipality is with a case."""

from django import forms

from casestudies.domain.reading.bookmarks import NOTE_LIMIT
from casestudies.domain.reading.uptake import UptakeWish, municipalities_for
from casestudies.enums import UptakeState
from casestudies.models import Uptake
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm

UPTAKE_NOTE_LIMIT = 1000


class BookmarkNoteForm(PortalForm):
    note = JpCharField(
        label="メモ",
        required=False,
        limit=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"会議で伝えたいことなど（{NOTE_LIMIT}文字まで）。自分だけに表示されます。",
    )


class UptakeForm(PortalForm):
    """``organization`` is asked only of somebody who may answer for several municipalities."""

    organization = forms.ModelChoiceField(label="市町村", queryset=Organization.objects.none())
    state = forms.ChoiceField(
        label="状態", choices=UptakeState, widget=forms.RadioSelect, initial=UptakeState.CONSIDERING
    )
    note = JpCharField(
        label="メモ",
        required=False,
        limit=UPTAKE_NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"参考にしたい点、確かめたいこと、見送りの理由など（{UPTAKE_NOTE_LIMIT}文字まで）。",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args, user, organization: Organization | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.given = organization or (user.acting.organization if user.is_answering else None)
        if self.given is not None:
            del self.fields["organization"]
        else:
            self.fields["organization"].queryset = municipalities_for(user)

    @property
    def chosen(self) -> Organization:
        """For whom; of a valid form."""
        return self.given or self.cleaned_data["organization"]

    def wish(self) -> UptakeWish:
        data = self.cleaned_data
        return UptakeWish(UptakeState(data["state"]), data["note"], data["revision"] or 0)


def initial_of(uptake: Uptake) -> dict:
    return {"state": uptake.state, "note": uptake.note, "revision": uptake.revision}
