"""知見を探す: cases and released topics by one box."""
