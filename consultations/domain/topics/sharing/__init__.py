"""What other towns read of a topic, are told of it, and ask about it."""
