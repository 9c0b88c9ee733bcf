"""Django's PostgreSQL, with a pool that neither hands out dead connections nor takes a busy server for one that is away."""
