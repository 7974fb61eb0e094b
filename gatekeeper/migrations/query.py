"""A string of the code that is SQL, or reads as if it were, whatever language it is in."""

from __future__ import annotations

from gatekeeper.migrations.query_site import OF_ANOTHER
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A string that is SQL, or reads as if it were: where it stands, and what is known of it.

    `via` is the call that takes it, "" for none that is known. Where `holes` names what is not
    constant in it, `text` has a word in their places. `hardly` says that it could be a sentence,
    `assembled` that it is put together in steps, `bound` that values of the code stand in it as
    `?`, as a tag binds them. `maker` is the call that has an ORM make tables,
    and then there is no text.
    """

    path: str
    line: int
    column: int
    symbol: str
    text: str
    via: str = ""
    holes: tuple[str, ...] = ()
    hardly: bool = False
    assembled: bool = False
    maker: str = ""
    bound: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether it can be handed to an engine as it is."""
        return not self.holes and not self.maker and not self.is_elsewhere

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is for the storage of a Durable Object, which no migration makes."""
        return self.via == OF_ANOTHER


@dataclass(frozen=True, slots=True)
class Gathered:
    """All queries of a tree in the order of their places, and the files that cannot be read."""

    queries: tuple[Query, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
