"""Starting a job again and taking it out of the queue."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from dxportal.core.jobs import domain
from dxportal.core.jobs.models import Job


@require_POST
def job_retry(request, pk):
    return _act(request, pk, domain.retry, "もう一度実行するよう受け付けました。")


@require_POST
def job_cancel(request, pk):
    return _act(request, pk, domain.cancel, "処理を取り消しました。データは変わっていません。")


def _act(request, pk, act, done: str):
    if not request.user.is_prefecture_staff:
        raise PermissionDenied
    job = get_object_or_404(Job.objects.editable_by(request.user), pk=pk)
    try:
        act(job.pk, user=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("jobs:detail", pk=job.pk)
