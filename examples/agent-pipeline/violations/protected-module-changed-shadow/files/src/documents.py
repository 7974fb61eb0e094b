"""The format of an artifact, without the front matter."""


def render(document: object) -> str:
    """Give the text that is stored."""
    return f"# {document.title}\n\n{document.body}\n"
