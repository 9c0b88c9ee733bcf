"""What was read is confirmed: once, and row by row where the reader warns."""

from typing import Any

from django import forms

from dxportal.core.intake.errors import CellError
from dxportal.core.ui.forms import PortalForm

TICK = "取り込んでよいか確かめて、チェックを付けてください。"


class ConfirmForm(PortalForm):
    """``token``: the upload. ``seen``: what it was compared with when it was shown, where the room asks for that.

    ``warnings`` as readers keep them: CellErrors as plain JSON. Each has a box of its own, and all must be ticked.
    """

    token = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, warnings: list[dict[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.warned = [f"row_{number}" for number, _ in enumerate(warnings)]
        for name, kept in zip(self.warned, warnings, strict=True):
            warning = CellError(**kept)
            label = f"シート「{warning.sheet}」の{warning.cell}：{warning.message}"
            self.fields[name] = forms.BooleanField(label=label, error_messages={"required": TICK})
