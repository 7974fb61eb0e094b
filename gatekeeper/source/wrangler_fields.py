"""The keys of a configuration, read by type; what has another type becomes a flaw."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.located import Array, Member, Node, Scalar, Span, Table
from gatekeeper.source.wrangler_terms import Flaw, Text
from gatekeeper.value import dataclass


@dataclass(frozen=True, eq=False)
class Fields:
    """A table of the configuration, its key path, and the flaws found so far.

    A key that JSON gives twice is read both times, so that neither hides the other, and is
    a flaw: wrangler would use the last. Null is as good as absent, as in wrangler.
    `area` is empty for an environment, whose keys are the areas.
    """

    table: Table
    where: str
    area: str
    flaws: list[Flaw]

    def __post_init__(self) -> None:
        # jsonc-parser assigns members to a plain object, where this key sets the prototype
        # and with it any setting there is.
        for member in self.table.all("__proto__"):
            self.flaw("__proto__", "sets keys that cannot be seen here", member.key_span)

    @property
    def span(self) -> Span:
        """Where the table stands."""
        return self.table.span

    def flaw(self, key: str, reason: str, span: Span) -> None:
        """Note that what `key` says is not known."""
        self.flaws.append(Flaw(self.area or key, f"`{self.path(key)}` {reason}", span))

    def path(self, key: str) -> str:
        """The key path of `key`: `env.production.durable_objects`."""
        return f"{self.where}.{key}" if self.where else key

    def has(self, key: str) -> bool:
        """Whether the key is given, and not null."""
        return any(not _null(member.value) for member in self.table.all(key))

    def text(self, key: str) -> Text | None:
        """The string at `key`."""
        texts = [self._text(key, node) for node in self._given(key)]
        return texts[-1] if texts else None

    def required(self, key: str) -> Text | None:
        """The string at `key`, whose absence is a flaw."""
        if not self.has(key):
            self.flaw(key, "is missing", self.span)
        return self.text(key)

    def texts(self, key: str) -> tuple[Text, ...]:
        """The strings of the array at `key`."""
        read = (self._text(key, item) for item in self._items(key))
        return tuple(text for text in read if text is not None)

    def nested(self, key: str) -> Iterator[Fields]:
        """The table at `key`: none, one, or more where the key is repeated."""
        for node in self._given(key):
            yield from self._fields(key, node)

    def rows(self, key: str) -> Iterator[Fields]:
        """The tables of the array at `key`."""
        for item in self._items(key):
            yield from self._fields(key, item)

    def entries(self) -> Iterator[tuple[Member, Fields]]:
        """The tables that stand under keys of people's own choosing, each with its member."""
        seen = set[str]()
        for member in self.table:
            if member.key in seen:
                self._repeated(member)
            seen.add(member.key)
            for fields in self._fields(member.key, member.value):
                yield member, fields

    def _given(self, key: str) -> list[Node]:
        members = self.table.all(key)
        if len(members) > 1:
            self._repeated(members[-1])
        return [member.value for member in members if not _null(member.value)]

    def _repeated(self, member: Member) -> None:
        reason = "is given more than once, of which wrangler uses the last; remove the others"
        self.flaw(member.key, reason, member.key_span)

    def _items(self, key: str) -> Iterator[Node]:
        for node in self._given(key):
            if isinstance(node, Array):
                yield from node.items
            else:
                self.flaw(key, "is no array, which wrangler refuses", node.span)

    def _fields(self, key: str, node: Node) -> Iterator[Fields]:
        if isinstance(node, Table):
            yield Fields(node, self.path(key), self.area or key, self.flaws)
        else:
            self.flaw(key, "holds what is no table, which wrangler refuses", node.span)

    def _text(self, key: str, node: Node) -> Text | None:
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return Text(node.value, node.span)
        self.flaw(key, "holds what is no string, which wrangler refuses", node.span)
        return None


def _null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
