"""From the bytes of a file to what a room wants of it: small ones at once, others by a worker; written once."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dxportal.core.accounts.models import Membership
from dxportal.core.intake.book import DEFAULT_LIMITS, Book, Limits, UnreadableBookError, read_filled_book
from dxportal.core.jobs.domain import enqueue
from dxportal.core.uploads.enums import AT_ONCE, MOST_WAITING, SMALL, SMALL_UNPACKED, UploadState
from dxportal.core.uploads.models import Upload
from dxportal.core.workflow.errors import NotPossible

JOB = "uploads.read"
# A worker has more time for a large honest file than a request; the other limits are the same.
WORKER_SECONDS = 30.0
FULL = "前に選んだファイルの読取りが終わっていません。終わってから、もう一度選んでください。"
GONE = "ファイルを選んだ所属が、今は有効ではありません。"
Reader = Callable[..., dict[str, Any]]

_readers: dict[str, tuple[Reader, Limits]] = {}
# Reading holds a processor: where many files come at once, the pages of others must go on answering.
turns = threading.BoundedSemaphore(AT_ONCE)


def book_reader(kind: str, limits: Limits = DEFAULT_LIMITS) -> Callable[[Reader], Reader]:
    """Registers ``def read(book, *, user, **params) -> dict`` (plain JSON), in an app's ``jobs.py``.

    It only compares and tells, and writes nothing: it runs in a request or in a worker, and there perhaps twice.
    NotPossible and UnreadableBookError refuse the file as a whole.
    """

    def register(function: Reader) -> Reader:
        _readers[kind] = (function, limits)
        return function

    return register


def is_small(content: bytes) -> bool:
    """Small as sent and, by the archive's directory, small unpacked; nothing is unpacked to tell."""
    if len(content) > SMALL:
        return False
    if not content.startswith(b"PK"):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist()) <= SMALL_UNPACKED
    except Exception:  # zipfile raises many kinds on a broken archive: the reader says so at once
        return True


def receive(file: Any, kind: str, *, user, params: dict[str, Any], page: str) -> Upload:
    """What was read from a small file, or a row whose job reads it. ``page``: the address that shows it.

    NotPossible on the field ``file`` where the file cannot be taken as a whole; then nothing is kept.
    """
    _, limits = _readers[kind]
    content = file.read(limits.file + 1)
    upload = Upload(
        membership=user.acting,
        kind=kind,
        params=params,
        name=str(file.name)[:200],
        digest=hashlib.sha256(content).hexdigest(),
    )
    # What is too large is refused unread.
    at_once = len(content) > limits.file or is_small(content)
    if not (at_once and turns.acquire(blocking=False)):
        leave_to_worker(upload, content, user=user, page=page)
        return upload
    try:
        read(upload, content, user=user)
    finally:
        turns.release()
    if upload.state == UploadState.REFUSED:
        raise NotPossible({"file": upload.problem})
    return keep(upload, user=user)


@transaction.atomic
def leave_to_worker(upload: Upload, content: bytes, *, user, page: str) -> None:
    """Keeps the file for a job; NotPossible where the membership has enough files waiting."""
    # The lock lets simultaneous sends count one after the other, each with the row of the one before.
    Membership.objects.select_for_update(no_key=True).get(pk=user.acting.pk)
    if Upload.objects.for_user(user).filter(state=UploadState.WAITING).count() >= MOST_WAITING:
        raise NotPossible({"file": FULL})
    upload.data = content
    upload.save()
    prefecture = user.acting.organization if user.is_prefecture_staff else None
    upload.job = enqueue(
        JOB,
        label=f"ファイルの読取り（{upload.name[:100]}）",
        params={"upload": str(upload.pk), "page": f"{page}?file={upload.pk}"},
        prefecture=prefecture,
        user=user,
    )
    upload.save(update_fields=["job"])


def keep(upload: Upload, *, user) -> Upload:
    """Stored; where the same file waits already for its confirmation, in its place: sent twice, it is there once."""
    same = {"kind": upload.kind, "params": upload.params, "digest": upload.digest, "state": UploadState.READ}
    waiting = Upload.objects.editable_by(user).filter(**same)
    earlier = waiting.values_list("pk", flat=True).first()
    values = {"name": upload.name, "read": upload.read, "created_at": timezone.now()}
    # Asked for its state once more while it is written over: what was confirmed meanwhile stays so.
    if earlier and waiting.filter(pk=earlier).update(**values):
        upload.pk = earlier
    else:
        upload.save()
    return upload


def read(upload: Upload, content: bytes, *, user, seconds: float | None = None) -> None:
    """Sets on the row what its reader says; the caller saves. ``seconds`` of processor time, where nobody waits."""
    reader, limits = _readers[upload.kind]
    if seconds:
        limits = replace(limits, seconds=seconds)
    file = io.BytesIO(content)
    file.name = upload.name
    try:
        book: Book = read_filled_book(file, limits)
        upload.read = reader(book, user=user, **upload.params)
        upload.state = UploadState.READ
    except UnreadableBookError as refusal:
        refuse(upload, str(refusal))
    except NotPossible as refusal:
        refuse(upload, " ".join(refusal.messages))
    upload.data = b""


def refuse(upload: Upload, sentence: str) -> None:
    upload.state = UploadState.REFUSED
    upload.problem = sentence[:500]
    upload.data = b""


def read_waiting(pk: str) -> None:
    """The worker's part, as the membership that sent the file: its rights are asked for anew."""
    upload = Upload.objects.filter(pk=pk, state=UploadState.WAITING).first()
    if upload is None:
        return
    membership = Membership.objects.current().filter(pk=upload.membership_id).select_related("user").first()
    if membership is None:
        refuse(upload, GONE)
    else:
        membership.user.acting = membership
        read(upload, bytes(upload.data), user=membership.user, seconds=WORKER_SECONDS)
    upload.save()


def find(text: str, kind: str, *, user) -> Upload | None:
    """The person's own file of that kind, without its bytes; None for whatever else the address says."""
    try:
        pk = UUID(text)
    except ValueError:
        return None
    return Upload.objects.for_user(user).filter(pk=pk, kind=kind).defer("data").select_related("job").first()


def claim(text: str, kind: str, *, user) -> dict[str, Any] | None:
    """What was read, for writing it now; None where it is gone or was taken before.

    Call it in the transaction that writes: of two confirmations one waits for the row and then finds it taken, and a
    refusal while writing gives the row back.
    """
    upload = find(text, kind, user=user)
    if upload is None:
        return None
    free = Upload.objects.editable_by(user).filter(pk=upload.pk, state=UploadState.READ)
    return upload.read if free.update(state=UploadState.TAKEN, taken_at=timezone.now()) else None


def purge() -> int:
    """Throws away what nobody confirmed for some hours, and what was taken so long ago."""
    return Upload.objects.old().delete()[0]
