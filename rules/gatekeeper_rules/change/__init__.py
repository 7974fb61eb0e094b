"""Rules about what the change touches."""
