"""A cache in Redis or Valkey that is missed when the server is away, never waited for and never an error."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from dxportal.core import outage

SECONDS = 0.3  # to connect, and for an answer: a page must be there within a second
MOST_OWED = 10_000
# Keys that could not be written or deleted while the server was away. It may come back with what it held before, such as
# the session of somebody who has signed out since: these are deleted before anything is read again.
_owed: set[str] = set()


class FallbackRedisCache(RedisCache):
    """Reads give the default and writes do nothing while the server is away; the database holds what counts."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": SECONDS,
            "socket_timeout": SECONDS,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda: super(FallbackRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(lambda: super(FallbackRedisCache, self).set(key, value, timeout, version), None, owed=key)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda: super(FallbackRedisCache, self).delete(key, version), False, owed=key)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda: super(FallbackRedisCache, self).add(key, value, timeout, version), False)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda: super(FallbackRedisCache, self).has_key(key, version), False)

    def _ask(self, act: Callable[[], Any], otherwise: Any, owed: Any = None) -> Any:
        if not outage.broker.is_open():
            try:
                if _owed:
                    for key in tuple(_owed):
                        super().delete(key)
                        _owed.discard(key)
                result = act()
            except (RedisError, OSError):
                outage.broker.trip()
            else:
                outage.broker.reset()
                return result
        if owed is not None and len(_owed) < MOST_OWED:
            _owed.add(str(owed))
        return otherwise
