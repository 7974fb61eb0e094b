"""A rule's page is its test: every example of every page is run."""

from __future__ import annotations

from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from gatekeeper.registry import Registered, load_rules
from gatekeeper.testing import Example, check_example, read_page

SECTIONS = ("What it does", "Why it matters", "Options", "Examples", "Not found", "References")


def _examples() -> list[object]:
    return [
        pytest.param(registered, example, id=f"{name}: {example.title}")
        for name, registered in load_rules().items()
        if registered.page is not None
        for example in read_page(registered.page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("registered", "example"), _examples())
def test_the_rule_finds_exactly_what_its_page_marks(
    registered: Registered, example: Example
) -> None:
    check_example(registered.rule, example)


@pytest.mark.parametrize("name", [n for n, each in load_rules().items() if each.page])
def test_a_page_has_every_section_and_both_kinds_of_example(name: str) -> None:
    page = load_rules()[name].page
    assert page is not None
    text = page.read_text(encoding="utf-8")

    examples = read_page(text)

    tokens = MarkdownIt().parse(text)
    headings = [
        following.content
        for token, following in pairwise(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]
    assert text.splitlines()[0] == f"# {name}"
    assert headings == list(SECTIONS)
    assert any(each.findings for each in examples)
    assert any(not each.findings and not each.unproven for each in examples)
