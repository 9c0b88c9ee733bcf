"""How a job ends other than well."""


class JobError(Exception):
    """A known reason, as a sentence for the reader; no traceback is logged for it."""


class JobLostError(Exception):
    """Another worker took the job over: this one stops and writes nothing more."""
