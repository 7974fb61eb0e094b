"""Saving, loading and listing artifacts."""

from dataclasses import dataclass
from typing import Any

from artifacts.keys import author_of, folder_of, key_of
from documents import Document, parse, render

_MEDIA_TYPE = "text/markdown; charset=utf-8"  # a setting, one day


@dataclass(frozen=True, slots=True)
class StoredArtifact:
    """An artifact as the bucket lists it; `size` in bytes."""

    key: str
    author: str
    size: int
    etag: str


class ArtifactStore:
    """The artifacts in one R2 bucket. Saving twice under a key replaces the artifact."""

    def __init__(self, bucket: Any) -> None:
        self._bucket = bucket

    async def save(self, workflow_id: str, document: Document) -> str:
        """Store a document and give its key."""
        key = key_of(workflow_id, document.author)
        options = {"httpMetadata": {"contentType": _MEDIA_TYPE}}
        await self._bucket.put(key, render(document), options)
        return key

    async def load(self, workflow_id: str, author: str) -> Document | None:
        """Give a stored document, None where there is none; raises documents.Malformed."""
        found = await self._bucket.get(key_of(workflow_id, author))
        return None if found is None else parse(await found.text())

    async def listing(self, workflow_id: str) -> tuple[StoredArtifact, ...]:
        """List a workflow's artifacts by key."""
        page = await self._bucket.list({"prefix": folder_of(workflow_id)})
        return tuple(
            StoredArtifact(entry.key, author_of(entry.key), entry.size, entry.etag)
            for entry in page.objects
        )
