"""The validation pipeline: what every document must satisfy before it is stored."""

from validation.pipeline import Rejected, require_valid

__all__ = ["Rejected", "require_valid"]
