"""Artifact storage on the real SDK's view of a bucket."""

import asyncio
from types import SimpleNamespace

from workers.rpc import _EnvWrapper

from artifacts import ArtifactStore, StoredArtifact
from documents import Document
from shim.bucket import R2Bucket

DOCUMENT = Document("architect", "Architecture", "## Parts\n\n- one")


def store_over(bucket: R2Bucket) -> ArtifactStore:
    return ArtifactStore(_EnvWrapper(SimpleNamespace(ARTIFACTS=bucket)).ARTIFACTS)


def test_a_saved_document_is_loaded_again() -> None:
    async def there_and_back() -> tuple[str, Document | None]:
        store = store_over(R2Bucket())
        return await store.save("wf-1", DOCUMENT), await store.load("wf-1", "architect")

    assert ("workflows/wf-1/architect.md", DOCUMENT) == asyncio.run(there_and_back())


def test_there_is_no_document_before_it_is_saved() -> None:
    async def look() -> Document | None:
        return await store_over(R2Bucket()).load("wf-1", "architect")

    assert asyncio.run(look()) is None


def test_saving_again_replaces_the_document() -> None:
    bucket = R2Bucket()

    async def twice() -> tuple[StoredArtifact, ...]:
        store = store_over(bucket)
        await store.save("wf-1", DOCUMENT)
        await store.save("wf-1", DOCUMENT)
        await store.save("wf-2", DOCUMENT)
        return await store.listing("wf-1")

    stored = bucket.objects
    assert asyncio.run(twice()) == tuple(
        StoredArtifact(key, "architect", stored[key].size, stored[key].etag)
        for key in ["workflows/wf-1/architect.md"]
    )
