"""What towns can learn from each other: cases of the library and released topics, in one search."""
