"""Rules about what the code does."""
