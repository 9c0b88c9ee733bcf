"""The page that everybody gets while PostgreSQL is away, without each request waiting to find it out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dxportal.core import outage
from dxportal.core.ui.frame.errors import unavailable
from dxportal.health import database_reachable


class DatabaseMiddleware:
    """503 at once while the database is known to be away; one request a second tries whether it is back.

    Without this every thread of the server would wait for a connection in turn, and the probes behind them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trial = outage.database.tripped
        if outage.database.is_open():
            return unavailable(request)
        # By a connection of its own, which is refused or given up sooner than the pool's.
        if trial and not database_reachable():
            outage.database.trip()
            return unavailable(request)
        if trial:  # the others need not wait until this one has its whole page
            outage.database.reset()
        response = self.get_response(request)
        # One dead connection or a statement that took too long says nothing about the server.
        failed = getattr(response, "database_failed", False)
        if failed and not outage.database.is_open() and not database_reachable():
            outage.database.trip()
        return response
