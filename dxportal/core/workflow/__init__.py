"""A thing moves from state to state: the one form of it for every room. See README.md."""
