"""Puts the membership that the person acts under on ``request.user``."""

SESSION_KEY = "membership_id"


class ActingMembershipMiddleware:
    """One query a request: the chosen current membership, else the first current one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.user.acting = choose(request)
        return self.get_response(request)


def choose(request):
    """The session's membership while it is in force; an ended one gives way to another or to nothing."""
    current = list(request.user.memberships.current()) if request.user.is_active else []
    request.user.current_memberships = current
    wanted = request.session.get(SESSION_KEY)
    return next((one for one in current if one.pk == wanted), current[0] if current else None)
