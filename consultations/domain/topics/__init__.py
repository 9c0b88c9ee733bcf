"""Topics: one matter of a session, and on its path to the other towns."""
