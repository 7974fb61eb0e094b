"""The validation pipeline."""

import pytest

from documents import Document
from validation import Rejected, require_valid
from validation.checks import LONGEST_BODY


def test_a_sound_document_is_given_back() -> None:
    document = Document("backend", "Backend", "## Operations\n\n- one")

    assert document is require_valid(document)


@pytest.mark.parametrize(
    ("title", "body", "complaints"),
    [
        pytest.param(" ", "## A\n", ("the title is empty",), id="no title"),
        pytest.param("T", "text", ("there is no section",), id="no section"),
        pytest.param("T", "## A\n\nTodo", ("placeholder text: Todo",), id="a placeholder"),
        pytest.param(
            "T",
            "## A\n" + "x" * LONGEST_BODY,
            (f"{LONGEST_BODY + 5} characters, over {LONGEST_BODY}",),
            id="too long",
        ),
        pytest.param(
            "",
            "TBD",
            ("the title is empty", "there is no section", "placeholder text: TBD"),
            id="several at once",
        ),
    ],
)
def test_every_complaint_is_named(title: str, body: str, complaints: tuple[str, ...]) -> None:
    with pytest.raises(Rejected) as caught:
        require_valid(Document("backend", title, body))

    assert complaints == caught.value.complaints


def test_a_word_that_contains_a_placeholder_is_none() -> None:
    document = Document("backend", "Backend", "## Mastodons\n\nmastodon, TBDs")

    assert document is require_valid(document)
