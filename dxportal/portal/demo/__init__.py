"""The demo data: a fictional prefecture whose figures come out as published, and real published tables."""
