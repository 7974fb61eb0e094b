"""What is proposed to a repository."""

from collections.abc import Iterable
from dataclasses import dataclass

from documents import Document, render


@dataclass(frozen=True, slots=True)
class Proposal:
    """The files of one pull request; `id` makes proposing it again find the first one."""

    id: str
    repository: str
    base_branch: str
    title: str
    files: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, object]:
        """Give the request body that the gateway takes."""
        return {
            "base": self.base_branch,
            "branch": f"agents/{self.id}",
            "title": self.title,
            "files": [{"path": path, "text": text} for path, text in self.files],
        }


def files_of(documents: Iterable[Document]) -> tuple[tuple[str, str], ...]:
    """Give each document the path it has in the repository."""
    return tuple((f"docs/design/{found.author}.md", render(found)) for found in documents)
