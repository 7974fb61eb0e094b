"""Storage in D1: one module for each table, each giving statements to write and rows to read."""

from storage.database import write

__all__ = ["write"]
