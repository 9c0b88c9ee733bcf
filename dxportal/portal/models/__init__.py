from dxportal.portal.models.snapshot import Snapshot

__all__ = ["Snapshot"]
