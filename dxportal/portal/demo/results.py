"""Scores, decided tiers and page figures of the demo, by the same code that the portal runs."""

MIYAGI_ROWS = 14


def decide(years):
    pass


def load_miyagi(prefecture):
    pass


def compute_pages(prefectures):
    pass
