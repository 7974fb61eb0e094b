"""Rules about migrations: what running them on rows shows."""
