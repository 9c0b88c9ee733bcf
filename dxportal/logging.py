"""Structured logs: one JSON object a line, with request and job ids and without personal data."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from dxportal.core.tracing import job_id, request_id

# Only these extras are written: a whole request or user in ``extra`` never reaches the log.
EXTRAS = ("status_code", "method", "route", "milliseconds", "queue", "task", "kind")


class TraceFilter(logging.Filter):
    """Puts the ids of the running request and job on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.job_id = job_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One line, one JSON object, Japanese unescaped."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in ("request_id", "job_id", *EXTRAS):
            if (value := getattr(record, name, "")) != "":
                line[name] = value
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_config(*, level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING; ``style`` is ``json`` or ``plain``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"trace": {"()": "dxportal.logging.TraceFilter"}},
        "formatters": {
            "json": {"()": "dxportal.logging.JsonFormatter"},
            "plain": {"format": "%(levelname)s %(name)s %(message)s"},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": style, "filters": ["trace"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Its own lines carry the path with its query: ours (dxportal.request) carries the route's name only.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # A line a request is for operators; at a terminal it would bury the mails and the errors.
            "dxportal.request": {"level": level if style == "json" else "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }
