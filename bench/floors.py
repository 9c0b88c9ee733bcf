"""The least that a page or a save of the portal can cost under the same server and middleware."""

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST


def empty(request):
    """A signed-in page with nothing in it: session, user, membership and the base template."""
    return render(request, "base.html")


@require_POST
def bare_update(request, pk):
    """One UPDATE of one answer row, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_answer SET choices = %s, revision = revision + 1, updated_at = now() WHERE id = %s",
            [[request.POST["value"]], pk],
        )
    return HttpResponse(status=204)
