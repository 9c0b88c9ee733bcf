"""What this process knows about servers that are away, so that not every request waits to find it out again. Pure."""

import threading
import time


class Breaker:
    """Opens when a server did not answer; while it is open nobody asks that server. It closes by itself.

    After ``seconds`` one caller at a time may try again: the others are spared the wait until that one has come back.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = 0.0
        self._lock = threading.Lock()

    def is_open(self) -> bool:
        """True where the server should be left alone. The first to ask after the pause gets False, and tries."""
        if not self._until:
            return False
        with self._lock:
            if not self._until:
                return False
            now = time.monotonic()
            if now < self._until:
                return True
            self._until = now + self.seconds  # for the others, as long as this one tries
            return False

    @property
    def tripped(self) -> bool:
        """Whether the last that was heard of the server is that it was away. Asks for no trial."""
        return bool(self._until)

    def trip(self) -> None:
        self._until = time.monotonic() + self.seconds

    def reset(self) -> None:
        self._until = 0.0


# Redis or Valkey: cached sessions and the queue's messages. The database serves without it.
broker = Breaker(2.0)
# PostgreSQL: nothing but the probes and the static files works without it.
database = Breaker(1.0)
