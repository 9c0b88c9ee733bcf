"""What the pages of questionnaires read from their address."""

from typing import Any

from dxportal.core.ui.pages import AddressForm, AddressNumber


class ComparedWith(AddressForm):
    """``?with=<pk>``: the version to compare with."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["with"] = AddressNumber(required=False)  # the name is a word of Python

    @property
    def chosen(self) -> int | None:
        return getattr(self.values, "with")
