"""Refuses what is far too large before anybody reads it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class LargestRequestMiddleware:
    """413 for a request that says it holds more than ``LARGEST_REQUEST`` bytes; files of it never reach the disk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) <= settings.LARGEST_REQUEST:
            return self.get_response(request)
        largest = settings.LARGEST_REQUEST // 1024**2
        return HttpResponse(render_to_string("413.html", {"largest": largest}), status=413)
