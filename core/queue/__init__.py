"""Background work: the loop that claims jobs and outbox entries."""
