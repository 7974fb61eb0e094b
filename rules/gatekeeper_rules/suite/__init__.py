"""Rules about tests, coverage, build and lint: what running the project shows."""
