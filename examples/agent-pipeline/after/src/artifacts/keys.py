"""Where an artifact lies in the bucket."""

_ROOT = "workflows"
_SUFFIX = ".md"


def folder_of(workflow_id: str) -> str:
    """Give the prefix that all artifacts of a workflow share."""
    return f"{_ROOT}/{workflow_id}/"


def key_of(workflow_id: str, author: str) -> str:
    """Give the key of the document that `author` wrote."""
    return f"{folder_of(workflow_id)}{author}{_SUFFIX}"


def author_of(key: str) -> str:
    """Give the author that a key stands for."""
    return key.rsplit("/", 1)[-1].removesuffix(_SUFFIX)
