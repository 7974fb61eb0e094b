"""Base classes for doubles."""

from workers import DurableObject as Keeper

__all__ = ["Keeper"]
