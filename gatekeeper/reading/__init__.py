"""Readings: what running something has shown, in values that name no tool's file format."""
