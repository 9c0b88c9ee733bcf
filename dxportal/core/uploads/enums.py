"""Where a file is on its way, and what is read while its sender waits."""

import datetime as dt

from django.db import models

SMALL = 200 * 1024  # bytes as sent
SMALL_UNPACKED = 4 * 1024 * 1024  # bytes as the archive's directory declares them
KEPT_FOR = dt.timedelta(hours=6)
AT_ONCE = 2  # small files that one process reads while their senders wait; more of them wait for a worker
MOST_WAITING = 3  # files of one membership


class UploadState(models.TextChoices):
    WAITING = "waiting", "読取り待ち"
    READ = "read", "確認待ち"
    REFUSED = "refused", "読取り不可"
    TAKEN = "taken", "取込み済み"
