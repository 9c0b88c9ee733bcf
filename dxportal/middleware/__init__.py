"""Middleware of the project itself."""

from dxportal.middleware.bodies import LargestRequestMiddleware
from dxportal.middleware.database import DatabaseMiddleware
from dxportal.middleware.health import HealthMiddleware
from dxportal.middleware.history import ActingHistoryMiddleware
from dxportal.middleware.maintenance import MaintenanceMiddleware
from dxportal.middleware.requests import RequestIdMiddleware

__all__ = (
    "ActingHistoryMiddleware",
    "DatabaseMiddleware",
    "HealthMiddleware",
    "LargestRequestMiddleware",
    "MaintenanceMiddleware",
    "RequestIdMiddleware",
)
