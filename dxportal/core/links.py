"""Full addresses for mails."""

from django.conf import settings


def absolute(path: str) -> str:
    """``path`` (from ``reverse``) below the portal's own address.

    Never below the request's host: whoever sends a foreign one would have our mails lead to it.
    """
    return f"{settings.ORIGIN}{path}"
