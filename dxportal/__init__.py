"""The dxportal project."""

from dxportal.celery import app as celery_app

__all__ = ("celery_app",)
