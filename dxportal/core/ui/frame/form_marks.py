"""What every form of a signed-in person carries: under which membership its page was drawn, and a name of its own.

Both are printed by ``{% csrf_token %}`` (a built-in tag of all our templates), so that no template can forget them. The
membership is asked for by ``accounts.drawn_under``, the name by ``accounts.once``. Neither costs a query.
"""

import secrets
from typing import Any

from django.http import HttpRequest
from django.template import Context, Library
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

MEMBERSHIP = "acting_membership"
MEMBERSHIP_HEADER = "X-Acting-Membership"
ONCE = "form_once"
NO_MEMBERSHIP = "0"

register = Library()


def membership_mark(user: Any) -> str:
    """The key of the membership that the person acts under; "0" without one."""
    acting = getattr(user, "acting", None)
    return str(acting.pk) if acting else NO_MEMBERSHIP


def mark_fields(request: HttpRequest | None) -> SafeString:
    """The hidden controls; nothing for people who are not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return SafeString("")
    return format_html(
        '<input type="hidden" name="{}" value="{}"><input type="hidden" name="{}" value="{}">',
        *(MEMBERSHIP, membership_mark(user), ONCE, secrets.token_urlsafe(12)),
    )


class MarkedFormNode(CsrfTokenNode):
    """Django's own tag, and the marks."""

    def render(self, context: Context) -> SafeString:
        return SafeString(super().render(context) + mark_fields(getattr(context, "request", None)))


@register.tag("csrf_token")
def csrf_token(parser: Parser, token: Token) -> MarkedFormNode:
    return MarkedFormNode()
