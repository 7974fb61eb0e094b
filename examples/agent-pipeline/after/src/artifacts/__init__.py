"""Artifact storage: the documents of every workflow, kept in an R2 bucket."""

from artifacts.store import ArtifactStore, StoredArtifact

__all__ = ["ArtifactStore", "StoredArtifact"]
