"""What the parts of the service build on."""

from workers import DurableObject as Keeper

__all__ = ["Keeper"]
