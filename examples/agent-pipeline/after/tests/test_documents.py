"""The format of artifacts."""

import pytest

from documents import Document, Malformed, parse, render


def test_a_document_is_stored_under_its_author_and_title() -> None:
    text = render(Document("architect", "Architecture", "## Parts\n\n- one\n"))

    assert "---\nauthor: architect\ntitle: Architecture\n---\n" in text
    assert text.endswith("\n# Architecture\n\n## Parts\n\n- one\n")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(Document("quality", "Review", "## A\n\ntext"), id="plain"),
        pytest.param(Document("quality", "Cost: high", "## A\n\n---\n\ntext"), id="marks within"),
        pytest.param(Document("quality", "Übersicht", "## A\n\n- ü"), id="other letters"),
    ],
)
def test_what_is_stored_is_read_back(document: Document) -> None:
    assert document == parse(render(document))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("# Review", "begins with its front matter", id="no front matter"),
        pytest.param("---\nauthor: quality\n---\n", "lacks title", id="no title"),
        pytest.param("---\nauthor\n---\n", "not a front matter line", id="no colon"),
    ],
)
def test_other_text_is_no_document(text: str, message: str) -> None:
    with pytest.raises(Malformed, match=message):
        parse(text)
