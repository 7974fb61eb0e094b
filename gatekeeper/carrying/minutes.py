"""What is written down while a data migration is tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gatekeeper.git import printable
from gatekeeper.migrations.carried import DataFailing, DataTrouble
from gatekeeper.migrations.proven import Stand
from gatekeeper.value import dataclass

_OF_REVERSE = (
    DataTrouble.REVERSE_FAILS,
    DataTrouble.NOT_BROUGHT_BACK,
    DataTrouble.NOT_READ_BACK,
    DataTrouble.NOT_AGAIN,
)


@dataclass(frozen=True, slots=True)
class Blame:
    """Whom a trouble is put down to: the tools of both ways, and the entry in the binding."""

    forward: str
    reverse: str
    entry: tuple[str, int]


class Minutes:
    """The troubles of one data migration in the order in which they showed, each kind once."""

    def __init__(self, migration: str, blame: Blame) -> None:
        self.open = list[str]()
        self._migration, self._blame = migration, blame
        self._failings: dict[tuple[DataTrouble, str], DataFailing] = {}
        self._tried = Counter[str]()

    def fail(
        self,
        trouble: DataTrouble,
        says: str,
        subject: str = "",
        steps: Iterable[str] = (),
        stands: Iterable[Stand] = (),
    ) -> None:
        """Write down a trouble; another one of its kind and subject is not."""
        path, line = self._to_blame(trouble)
        failing = DataFailing(
            trouble,
            self._migration,
            path,
            line,
            printable(says),
            printable(subject),
            tuple(map(printable, steps)),
            tuple(stands),
        )
        self._failings.setdefault((trouble, subject), failing)

    def has(self, *troubles: DataTrouble) -> bool:
        """Whether one of these has shown."""
        return any(each in troubles for each, _ in self._failings)

    def tried(self, what: str, count: int = 1) -> None:
        """Write down that something was tried."""
        self._tried[what] += count

    @property
    def failings(self) -> tuple[DataFailing, ...]:
        """All troubles."""
        return tuple(self._failings.values())

    @property
    def told(self) -> tuple[str, ...]:
        """What was tried, with how often."""
        return tuple(f"{what}: {count}" for what, count in self._tried.items())

    def _to_blame(self, trouble: DataTrouble) -> tuple[str, int | None]:
        tool = self._blame.reverse if trouble in _OF_REVERSE else self._blame.forward
        if trouble is DataTrouble.NO_REVERSE or not tool:
            return self._blame.entry
        return tool, None
