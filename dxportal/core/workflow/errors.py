"""The two ways in which a domain function refuses an act, besides PermissionDenied for a missing right."""

from typing import Any

from django.core.exceptions import ValidationError


class NotPossible(ValidationError):  # noqa: N818 -- a refusal, not a fault
    """The act is not possible now. The message is for the person and says what to do; by field where fields are named."""


class Overtaken(NotPossible):
    """Somebody else changed the thing since the page was drawn; nothing was written.

    ``current`` is what is stored now, to be shown beside what the person typed.
    """

    def __init__(self, message: str, current: Any):
        super().__init__(message, code="overtaken")
        self.current = current
