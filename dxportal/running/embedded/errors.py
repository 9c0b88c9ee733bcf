"""What can go wrong with the embedded servers."""


class EmbeddedError(Exception):
    """The servers cannot run; the message is one sentence for the person at the terminal."""
