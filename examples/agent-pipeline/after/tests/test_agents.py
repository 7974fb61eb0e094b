"""What the agents write."""

from agents import AGENTS, Brief
from agents.writing import entries_of
from documents import Document
from workflows.plan import INPUTS

BRIEF = Brief(
    "Gift cards",
    "Customers see their balance. The shop must store every card! Nobody waits?",
    "acme/shop",
)


def everything(brief: Brief) -> dict[str, Document]:
    """Let all agents write, in the order of the plan."""
    written: dict[str, Document] = {}
    for role, inputs in INPUTS.items():
        written[role] = AGENTS[role](brief, {author: written[author] for author in inputs})
    return written


def test_every_sentence_of_the_brief_is_a_requirement() -> None:
    requirements = entries_of(everything(BRIEF)["product_manager"], "Requirements")

    assert (
        "R1: Customers see their balance",
        "R2: The shop must store every card",
        "R3: Nobody waits",
    ) == requirements


def test_the_architect_gives_each_requirement_to_the_components_it_concerns() -> None:
    architecture = everything(BRIEF)["architect"]

    parts = {part: entries_of(architecture, part) for part in ("Backend", "Frontend", "Database")}
    assert {"Backend": 3, "Frontend": 1, "Database": 2} == {
        part: len(lines) for part, lines in parts.items()
    }


def test_a_plan_with_nothing_in_it_says_so() -> None:
    written = everything(Brief("Speed", "Nobody waits.", "acme/shop"))

    assert "No requirement asks for a view." in written["frontend"].body
    assert "No requirement asks for a table." in written["database"].body


def test_the_review_does_not_take_one_number_for_another() -> None:
    plans = {
        role: Document(role, role, "- answers R10") for role in ("backend", "frontend", "database")
    }
    requirements = Document("product_manager", "", "## Requirements\n\n- R1: this\n- R10: that")

    review = AGENTS["quality"](BRIEF, {"product_manager": requirements, **plans})

    assert ("R1 is not planned", "R10 is planned") == entries_of(review, "Coverage")


def test_the_same_brief_gives_the_same_documents() -> None:
    assert everything(BRIEF) == everything(BRIEF)
