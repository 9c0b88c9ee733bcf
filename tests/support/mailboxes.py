"""A mail server that refuses the first mail, as real ones do."""

from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend


class FailsFirst(BaseEmailBackend):
    refused = False

    def send_messages(self, messages):
        if not FailsFirst.refused:
            FailsFirst.refused = True
            raise SMTPRecipientsRefused({"a@example.jp": (550, b"no such user")})
        return len(messages)
