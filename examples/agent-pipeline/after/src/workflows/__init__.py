"""The workflow: which agents work in which order, and what is remembered of it."""
