"""The real engine of D1: Cloudflare's workerd, driven without Node."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain, count, takewhile
from pathlib import Path

from gatekeeper.migrations.engine import Deed, EngineError, Reason, Refusal, Row, Value
from gatekeeper.migrations.exact import FORM, as_bytes, cast, is_plain, read
from gatekeeper.migrations.migration import Dialect, Script
from gatekeeper.migrations.part import Part, parts, unfit
from gatekeeper.migrations.wording import reason_for
from gatekeeper.migrations.workerd_process import (
    Broken,
    Plain,
    Stopped,
    WorkerdProcess,
    version_of,
)

_EMPTY = Refusal(Reason.SYNTAX, "there is no statement in it")
_NOT_ONE = Refusal(Reason.OTHER, "a query is one statement")
_PRAGMA = re.compile(r"\s*PRAGMA\s+(\w+)\s*(?:\(\s*(.*?)\s*\)\s*)?;?\s*", re.IGNORECASE)
_CODE = re.compile(r": SQLITE_\w+(?: \(extended: \w+\))?$")
_UNBOUND = "Wrong number of parameter bindings"
_QUOTES = {"'": "'", '"': '"', "`": "`", "[": "]"}


class WorkerdEngine:
    """Each database is a Durable Object of a workerd that is started for it."""

    def __init__(self, binary: Path, seconds: float = 30.0) -> None:
        self._binary, self._seconds = binary.absolute(), seconds

    @property
    def name(self) -> str:
        """What proves."""
        return "workerd"

    @cached_property
    def version(self) -> str:
        """The day of its release, which is how workerd names itself; raises EngineError."""
        return version_of(self._binary)

    @property
    def dialect(self) -> Dialect:
        """Whose rules it runs under."""
        return Dialect.D1

    @contextmanager
    def open(self) -> Iterator[WorkerdDatabase]:
        """A fresh, empty database; raises EngineError."""
        process = WorkerdProcess(self._binary, self._seconds)
        try:
            yield WorkerdDatabase(process)
        finally:
            process.close()


class WorkerdDatabase:
    """A Durable Object with SQLite; what is restored is one with another name."""

    def __init__(self, process: WorkerdProcess) -> None:
        self._process = process
        self._names = (f"database-{number}" for number in count())
        self._name = next(self._names)
        self._file: Path | None = None

    def apply(self, script: Script, *, atomic: bool = True) -> Refusal | None:
        """Run a script; see `Database.apply`."""
        return self._run(parts(script.text, script.line), script.path, alone=not atomic)

    def deeds(self) -> tuple[Deed, ...]:
        """Nothing: it does not say what a statement does."""
        return ()

    def apply_until(self, script: Script, statements: int) -> Refusal | None:
        """Run the first so many statements without a transaction; see `Database.apply_until`."""
        return self._run(parts(script.text, script.line)[:statements], script.path, alone=True)

    def count(self, script: Script) -> int:
        """How many statements a script holds."""
        return len(parts(script.text))

    def batch(self, texts: Sequence[str]) -> Refusal | None:
        """Run statements in one transaction as D1's binding does, which refuses empty ones."""
        listed = [parts(text) for text in texts]
        if not all(listed):
            return _EMPTY
        return self._run(tuple(chain.from_iterable(listed)), "", alone=False)

    def asked(self) -> None:
        """Nobody says it: workerd keeps its authorizer to itself."""
        return

    def query(self, sql: str, values: Sequence[Value] = ()) -> tuple[Row, ...] | Refusal:
        """The rows of one statement that only reads."""
        listed = parts(sql)
        if len(listed) != 1:
            return _NOT_ONE
        text, bound = _bound(_selected(listed[0].text), tuple(values))
        asked: Mapping[str, Plain] = {"verb": "rows", "sql": text, "values": bound, "form": FORM}
        answer = self._ask(asked, listed, "")
        if isinstance(answer, Refusal):
            return answer
        assert isinstance(answer, list)
        return tuple(tuple(map(_value, row)) for row in answer)

    def write(self, sql: str, rows: Sequence[Row] = ((),)) -> Refusal | None:
        """Run one statement for each row of values, all or none."""
        return self._write(sql, rows, checked=True)

    def write_unchecked(self, sql: str, rows: Sequence[Row] = ((),)) -> Refusal | None:
        """The same with foreign keys not enforced; actions of theirs (CASCADE) still happen."""
        return self._write(sql, rows, checked=False)

    def prepare(self, sql: str) -> Refusal | None:
        """Whether a statement can be prepared; nothing is run."""
        listed = parts(sql)
        explained = tuple(Part(f"EXPLAIN {part.text}", part.line, part.word) for part in listed)
        refusals = (self._run((part,), "", alone=False) for part in explained)
        wrong = (each for each in refusals if each is not None and _UNBOUND not in each.says)
        return next(wrong, None) if listed else _EMPTY

    def faults(self) -> tuple[str, ...]:
        """What is corrupt, by the quick check: D1 does not allow the whole one."""
        said = self.query("PRAGMA quick_check")
        if isinstance(said, Refusal):
            raise EngineError(f"workerd does not check its database: {said.says}.")
        return tuple(str(row[0]) for row in said if row[0] != "ok")

    def save(self) -> object:
        """The files of the database, which rest while nothing is asked."""
        file = self._kept()
        kept = (Path(f"{file}{end}") for end in ("", "-wal"))
        return {
            each.name.removeprefix(file.name): each.read_bytes() for each in kept if each.exists()
        }

    def restore(self, saved: object) -> None:
        """Put back what was saved, under another name."""
        assert isinstance(saved, Mapping), "what `save` gave is given back"
        for old in _with_log(self._kept()):
            old.unlink(missing_ok=True)
        self._name, self._file = next(self._names), None
        file = self._kept()
        file.parent.mkdir(exist_ok=True)
        for end, content in saved.items():
            Path(f"{file}{end}").write_bytes(content)

    def _kept(self) -> Path:
        """Where the database is kept."""
        self._file = self._file or self._process.file(self._name)
        return self._file

    def _run(self, listed: Sequence[Part], path: str, *, alone: bool) -> Refusal | None:
        fit = tuple(takewhile(lambda part: not unfit(part), listed))
        refused = self._sent(fit, path, alone=alone) if alone or fit == listed else None
        if refused is None and len(fit) < len(listed):
            part = listed[len(fit)]
            refused = Refusal(Reason.SYNTAX, unfit(part), path, part.line, part.text)
        if any(part.word == "PRAGMA" for part in fit):  # the switches stay with the object
            self.restore(self.save())
        return refused

    def _sent(self, listed: Sequence[Part], path: str, *, alone: bool) -> Refusal | None:
        if not listed:
            return None
        texts = [part.text for part in listed]
        answer = self._ask({"verb": "run", "parts": texts, "alone": alone}, listed, path)
        return answer if isinstance(answer, Refusal) else None

    def _write(self, sql: str, rows: Sequence[Row], *, checked: bool) -> Refusal | None:
        texts: dict[str, int] = {}
        sent: list[Plain] = []
        for row in rows:
            text, values = _bound(sql, row)
            sent.append([texts.setdefault(text, len(texts)), *values])
        held: Plain = list(texts)
        question = {"verb": "write", "texts": held, "rows": sent, "checked": checked}
        answer = self._ask(question, [Part(sql)], "")
        return answer if isinstance(answer, Refusal) else None

    def _ask(
        self, question: Mapping[str, Plain], listed: Sequence[Part], path: str
    ) -> Plain | Refusal:
        try:
            said = self._process.ask(self._name, question)
        except Stopped as stopped:
            return Refusal(Reason.UNBOUNDED, str(stopped), path, listed[0].line, listed[0].text)
        except Broken as broken:
            says = _violated(broken.says)
            return Refusal(reason_for(says), says, path, listed[0].line, "COMMIT")
        if "refused" not in said:
            return said.get("answer")
        part, says = listed[int(str(said["at"]))], str(said["refused"])
        return Refusal(reason_for(says), _CODE.sub("", says), path, part.line, part.text)


def _violated(log: str) -> str:
    """What workerd wrote down of a transaction that it could not commit; it tells nobody else."""
    found = re.search(r"(?:FOREIGN KEY|\w+) constraint failed[^;\n]*", log)
    return f"{found.group() if found else 'internal error'}, at the end of the transaction"


def _with_log(file: Path) -> tuple[Path, ...]:
    return tuple(Path(f"{file}{end}") for end in ("", "-wal", "-shm"))


def _selected(sql: str) -> str:
    """A query as a SELECT: PRAGMAs have tables of the same name."""
    text = sql.rstrip(";")
    asked = _PRAGMA.fullmatch(text)
    if asked is None:
        return text
    name, argument = asked.group(1), asked.group(2)
    given = "" if argument is None else _literal(argument)
    return " ".join(("SELECT * FROM", f"pragma_{name}({given})"))


def _literal(argument: str) -> str:
    opening, name = argument[:1], argument
    if opening in _QUOTES and argument.endswith(_QUOTES[opening]):
        closing = _QUOTES[opening]
        name = argument[1:-1].replace(closing * 2, closing)
    return "'" + name.replace("'", "''") + "'"


def _bound(sql: str, row: Row) -> tuple[str, list[Plain]]:
    """A statement with its values as JSON can carry them: integers and odd texts are cast."""
    if not row:
        return sql, []
    kinds, values = zip(*map(_sent_value, row), strict=True)
    return cast(sql, kinds), list(values)


def _sent_value(value: Value) -> tuple[str, Plain]:
    if isinstance(value, int):
        return "INTEGER", str(int(value))
    if isinstance(value, float):
        return "", {"real": struct.pack(">d", value).hex()}
    if isinstance(value, bytes):
        return "", {"blob": value.hex()}
    if value is None or (is_plain((value,)) and "\0" not in value):
        return "", value
    return "TEXT", {"blob": as_bytes(value).hex()}


def _value(told: Plain) -> Value:
    if told is None:
        return None
    assert isinstance(told, str), "numbers are told in letters"
    if told.startswith("f"):
        number: float = struct.unpack(">d", bytes.fromhex(told[1:]))[0]
        return number
    return read(told)
