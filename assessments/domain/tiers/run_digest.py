"""The fingerprint of what a run computes from."""

import hashlib
import json
from typing import Any

from assessments.models import PriorityScheme, TierScheme

ALGORITHM = "1"  # raised when the same input would give another result


def fingerprint(head: dict[str, Any], content: bytes = b"") -> str:
    """SHA-256 of plain data and bytes."""
    whole = {"algorithm": ALGORITHM, **head}
    digest = hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode())
    digest.update(content)
    return digest.hexdigest()


def scheme_key(scheme: TierScheme | PriorityScheme | None) -> list[Any] | None:
    """What of a scheme the result depends on."""
    return [scheme.code, scheme.version, scheme.data] if scheme else None
