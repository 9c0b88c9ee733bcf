"""Speed, measured as ratios against floors in one run: ``make bench``."""
