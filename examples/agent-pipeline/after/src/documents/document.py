"""A document, as it is written to storage and read back."""

from dataclasses import dataclass

_FENCE = "---\n"


class Malformed(ValueError):
    """Stored text that is not a document."""


@dataclass(frozen=True, slots=True)
class Document:
    """What one agent wrote: `body` is Markdown without the title."""

    author: str
    title: str
    body: str


def render(document: Document) -> str:
    """Give the text that is stored; `parse` reads it back."""
    head = f"{_FENCE}author: {document.author}\ntitle: {document.title}\n{_FENCE}"
    return f"{head}\n# {document.title}\n\n{document.body.strip()}\n"


def parse(text: str) -> Document:
    """Read a stored document; raises Malformed."""
    _, fence, rest = text.partition(_FENCE)
    head, closing, body = rest.partition(_FENCE)
    if not (fence and closing):
        raise Malformed("a document begins with its front matter")
    fields = dict(_field(line) for line in head.splitlines())
    if missing := {"author", "title"} - fields.keys():
        raise Malformed(f"the front matter lacks {', '.join(sorted(missing))}")
    heading = f"# {fields['title']}"
    return Document(fields["author"], fields["title"], body.strip().removeprefix(heading).strip())


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise Malformed(f"not a front matter line: {line!r}")
    return name.strip(), value.strip()
