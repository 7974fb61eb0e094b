# A comment above the docstring makes a statement of it for some versions of coverage.py.
"""Only a docstring."""
