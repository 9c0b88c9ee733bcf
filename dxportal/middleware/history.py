"""Tells the database's history who acts in a request."""

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware


class ActingHistoryMiddleware(HistoryMiddleware):
    """Keeps the person and the membership acted under; not the address, which can hold an invitation's token."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        acting = getattr(request.user, "acting", None) if request.user.is_authenticated else None
        return {"user": request.user.pk, "membership": acting.pk if acting else None}
