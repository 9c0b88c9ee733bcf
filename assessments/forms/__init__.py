"""Input of the assessments' pages, one module a noun."""
