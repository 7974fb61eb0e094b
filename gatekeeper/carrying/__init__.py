"""Data migrations that are code, proven by running them on files and databases of ours."""
