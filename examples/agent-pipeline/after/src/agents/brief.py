"""What the agents are asked for."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brief:
    """A wish in a few sentences, for one repository (`owner/name`)."""

    title: str
    text: str
    repository: str

    def wishes(self) -> tuple[str, ...]:
        """Give the sentences of the text, each a wish of its own."""
        sentences = re.split(r"(?<=[.!?])\s+", self.text.strip())
        return tuple(sentence.rstrip(".!?") for sentence in sentences if sentence)
