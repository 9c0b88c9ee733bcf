"""督促メール to municipalities that haven't handed in: who can be reached, the text for each, one sending each.

The rows are written first and sent by a worker that claims each: a crash may lose a mail, never double it.
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from assessments.domain.surveys.submissions import Submission
from assessments.models import Reminder, Response, Survey
from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.accounts.models import Membership
from dxportal.core.jobs.domain import enqueue
from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.ui.tags.text import datetime_ja
from dxportal.core.workflow.errors import NotPossible

JOB_KIND = "assessments.remind"
PLACEHOLDER = re.compile(r"\{([^{}\n]{1,20})\}")
PLACEHOLDERS = ("団体名", "調査名", "締切", "残り", "状態", "回答数", "必須数", "回答ページ", "問合せ先")
SUBJECT = "【{調査名}】回答の提出をお願いします（締切 {締切}）"
BODY = """{団体名}
　DX推進ご担当者　様

「{調査名}」について、貴団体の回答票がまだ提出されていません。

　状態　：{状態}（必須の設問 {必須数}問のうち {回答数}問を回答済み）
　締切　：{締切}（{残り}）
　回答　：{回答ページ}

ご多忙のところ恐れ入りますが、締切までに提出をお願いします。
行き違いで提出いただいている場合は、ご容赦ください。

【問合せ先】
{問合せ先}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One municipality's mail; without ``recipients`` nobody can be reached."""

    submission: Submission
    recipients: tuple[str, ...]
    subject: str
    body: str


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that stand for nothing, in order, each once."""
    return list(dict.fromkeys(name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS))


def reachable(rows: Iterable[Submission]) -> dict[int, tuple[str, ...]]:
    """Mail addresses of the current officers and approvers by organisation; nobody is written to for one that ended.

    Whose membership is in a town before it works there now, too.
    """
    wanted = [row.response.organization_id for row in rows if not row.ended]
    lives, today = read_lives(wanted), timezone.localdate()
    now = {
        before: town
        for town in wanted
        for before in lives.line_before(town)
        if before == town or lives.only_successor(before, today) == town
    }
    memberships = Membership.objects.current().filter(organization__in=now, role__in=ANSWERING_ROLES)
    addresses: dict[int, dict[str, None]] = {}
    for organization, address in memberships.order_by("role", "pk").values_list("organization_id", "user__email"):
        addresses.setdefault(now[organization], {})[address] = None
    return {organization: tuple(mails) for organization, mails in addresses.items()}


def letters(
    survey: Survey, rows: Sequence[Submission], *, subject: str, body: str, addresses: Mapping[int, str]
) -> list[Letter]:
    """The mail of each; ``addresses`` are the answer pages' by response."""
    people = reachable(rows)
    mails = []
    for row in rows:
        response: Response = row.response
        words = {
            "団体名": response.organization.name,
            "調査名": survey.title,
            "締切": datetime_ja(row.due),
            "残り": "締切を過ぎています" if row.overdue else f"あと{row.days_left}日",
            "状態": response.get_state_display(),
            "回答数": str(response.answered),
            "必須数": str(response.required),
            "回答ページ": addresses[response.pk],
            "問合せ先": survey.contact or "この調査の担当者",
        }
        recipients = people.get(response.organization_id, ())
        # A line break in a subject would begin another header: a municipality's or a survey's name may hold one.
        mails.append(Letter(row, recipients, _fill(subject, words).replace("\n", " "), _fill(body, words)))
    return mails


def send(survey: Survey, mails: Iterable[Letter], *, batch: uuid.UUID, user) -> int:
    """Writes a row for each reachable municipality not handed in, and lets a worker send after the commit.

    The same ``batch`` (the form's token) again adds nothing and queues nothing. Returns the mails queued.
    """
    if not Survey.objects.editable_by(user).filter(pk=survey.pk).exists():
        raise PermissionDenied
    with transaction.atomic():
        # The lock makes a double click wait for the first, whose rows it then finds.
        Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
        if Reminder.objects.filter(batch=batch).exists():
            return 0
        # The mail is kept as it was written and not made again later: a retry sends the same text to the same people.
        rows = [
            Reminder(
                response=letter.submission.response,
                batch=batch,
                sent_by=user,
                recipients=list(letter.recipients),
                subject=letter.subject[:200],
                body=letter.body,
            )
            for letter in mails
            if letter.recipients and not letter.submission.handed_in
        ]
        if not rows:
            raise NotPossible("送る相手がいません。まだ提出していない、担当者のいる団体を選んでください。")
        Reminder.objects.bulk_create(rows)
        # In the same transaction as the rows: there are never mails without a job, nor a job without its mails.
        enqueue(
            JOB_KIND,
            label=f"督促メールの送信：{survey.title}（{len(rows)}団体）",
            params={"batch": str(batch)},
            prefecture=survey.prefecture,
            user=user,
            key=f"{JOB_KIND}:{batch}",
        )
    return len(rows)


def waiting(batch: str) -> list[int]:
    """Ids of the batch's reminders that no worker has claimed, in the order of writing."""
    rows = Reminder.objects.filter(batch=batch, claimed_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def deliver(pk: int) -> bool:
    """Sends one reminder unless somebody has claimed it; whether it went out."""
    # The condition and the change are one statement: of two workers at once only one changes a row.
    if Reminder.objects.filter(pk=pk, claimed_at__isnull=True).update(claimed_at=timezone.now()) != 1:
        return False
    reminder = Reminder.objects.get(pk=pk)
    message = EmailMessage(subject=reminder.subject, body=reminder.body, to=reminder.recipients)
    try:
        message.send()
    except OSError as error:  # SMTP and network errors; the class names the cause, its text may hold addresses
        Reminder.objects.filter(pk=pk).update(error=f"送信できませんでした（{type(error).__name__}）。")
        return False
    Reminder.objects.filter(pk=pk).update(delivered_at=timezone.now())
    return True


def _fill(text: str, words: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]), text)
