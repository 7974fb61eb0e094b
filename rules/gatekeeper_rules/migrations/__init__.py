"""Rules about migrations: what they do to schema and rows, and whether they are left alone."""
