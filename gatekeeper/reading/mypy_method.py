"""How mypy is run: on every Python file that is tracked, with the base's settings and plugins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from secrets import token_hex

from gatekeeper.reading import mypy_json
from gatekeeper.reading.base_settings import lay_settings, refuse_made, toml_table
from gatekeeper.reading.content import parsed, text_of
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.lint_files import Given, modules_apart
from gatekeeper.reading.lint_script import Answer, answers, program, script
from gatekeeper.reading.method import Order
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Outcome

_SETTINGS = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")
_SECTION = {"setup.cfg": re.compile(r"(?m)^\[mypy\]")}
_PLUGINS = re.compile(r"(?ms)^\s*plugins\s*=\s*(\[[^\]]*\]|[^\n]*(?:\n[ \t]+[^\n]*)*)")
_EXPLICIT = re.compile(r"(?mi)^\s*explicit_package_bases\s*=\s*true")
_WORD = re.compile(r"[\w./-]+")
_FLAGS = ("--output", "json", "--no-incremental", "--no-error-summary", "--no-pretty")
_ROUNDS = "mypy_rounds.py"
_WHICH = "import mypy.version as v, mypy; print(mypy.__file__); print('mypy', v.__version__)"
_SUFFIXES = (".py", ".pyi", ".pyw")
_BLOCKED, _NOT_PARSED = 2, "syntax"


class MypyMethod:
    """One of these for each run; a module of ours with a fault, named at random, is run with it."""

    def __init__(self) -> None:
        self._canary = f"gatekeeper_{token_hex(8)}"
        self._replaced: frozenset[str] = frozenset()

    def order(self, _plan: ReadingPlan, room: Room) -> Order:
        """Lay the base's settings over the checkout, and ask for mypy's JSON."""
        python = program("mypy", room).parent / "python"
        if not python.exists():
            raise Unusable("mypy is not installed in the environment of this reading")
        self._replaced = lay_settings(room, _SETTINGS.__contains__, _plugins)
        refuse_made(room, _SETTINGS)
        settings = _settings(room)
        (room.cwd / f"{self._canary}.py").write_text('value: int = ""\nundefined_name\n')
        given = _given(room)
        (room.out / _ROUNDS).write_bytes(Path(__file__).with_name(_ROUNDS).read_bytes())
        asked = []
        for number, batch in enumerate(_batches(room, given, settings)):
            listed = room.out / f"{number}.files"
            listed.write_text("\n".join((f"{self._canary}.py", *map(given.named, batch), "")))
            rounds = [str(python), "-I", str(room.out / _ROUNDS), str(listed)]
            asked.append([*rounds, *_command(python, settings)])
        # `mypy --version` would load all of mypy for it.
        return script(room, [[str(python), "-I", "-c", _WHICH], *asked])

    def read(self, _plan: ReadingPlan, room: Room, ended: Outcome) -> Linted:
        """What mypy said; raises Unusable where it did not find the fault that we put there."""
        given = _given(room)
        batches = tuple(_batches(room, given, _settings(room)))
        which, *answered = answers(room, len(batches) + 1, ended)
        tool = _installed(which, room)
        warnings: list[Warned] = []
        unread = {*given.unread, *(each for each in self._replaced if each.endswith(_SUFFIXES))}
        for batch, answer in zip(batches, answered, strict=True):
            found = tuple(self._warnings(answer, room))
            warnings += found
            if answer.status == _BLOCKED:
                unread |= set(batch) - {each.path for each in found}
        return Linted(tool, tuple(warnings), frozenset(given.files) - unread, frozenset(unread))

    def _warnings(self, answer: Answer, room: Room) -> Iterator[Warned]:
        silent = answer.status == _BLOCKED and not answer.out.strip()
        if silent or answer.status not in (0, 1, _BLOCKED):
            raise Unusable(f"mypy did not do its work: {answer.says}")
        lines = text_of(answer.out).split("\n") if answer.out.strip() else []
        others = [line for line in lines if not self._is_ours(line)]
        if len(others) == len(lines) and answer.status != _BLOCKED:
            raise Unusable("mypy did not find a fault that was put before it; it cannot be trusted")
        content = "\n".join(others).encode() or b"\n"
        tracked = set(room.files)
        for each in mypy_json.read(content, str(room.tree), str(room.cwd.relative_to(room.tree))):
            blocked = answer.status == _BLOCKED and each.code != _NOT_PARSED
            if blocked or not each.code:
                raise Unusable(f"mypy gave up: {each.path}: {each.message}")
            if each.path in tracked:
                yield each

    def _is_ours(self, line: str) -> bool:
        if self._canary not in line:
            return False
        said = parsed(line)
        return isinstance(said, dict) and Path(str(said.get("file"))).name == f"{self._canary}.py"


def _given(room: Room) -> Given:
    return Given(room, "mypy", _SUFFIXES, scripts=False)


def _batches(room: Room, given: Given, settings: Path | None) -> Iterable[tuple[str, ...]]:
    """Modules of one name apart from each other, which mypy refuses to check together."""
    if not given.files:
        return ((),)
    text = settings.read_text(encoding="utf-8") if settings is not None else ""
    return modules_apart(room.tree, given.files, room.cwd if _EXPLICIT.search(text) else None)


def _command(python: Path, settings: Path | None) -> list[str]:
    # Isolated, Python takes no module from the folder it is run in.
    chosen = str(settings) if settings else ""
    return [str(python), "-I", "-m", "mypy", *_FLAGS, "--config-file", chosen]


def _settings(room: Room) -> Path | None:
    """The file that mypy would read its settings from, in the room's folder or one above it."""
    folder = room.cwd
    while True:
        for name in _SETTINGS:
            file = folder / name
            if file.is_file() and _has_section(file):
                return file
        if folder == room.tree:
            return None
        folder = folder.parent


def _has_section(file: Path) -> bool:
    if file.name == "pyproject.toml":
        said = toml_table(file, "tool")
        return said is None or "mypy" in said
    section = _SECTION.get(file.name)
    return section is None or section.search(file.read_text("utf-8", "replace")) is not None


def _plugins(file: Path) -> Iterator[str]:
    """The files of plugins that settings name: by path, or as modules beside them or in `src`."""
    if file.name not in _SETTINGS:
        return
    for found in _PLUGINS.finditer(file.read_text("utf-8", "replace")):
        for word in _WORD.findall(found.group(1)):
            module = word.replace(".", "/")
            yield from (
                word,
                *(
                    f"{root}{module}{end}"
                    for root in ("", "src/")
                    for end in (".py", "/__init__.py")
                ),
            )


def _installed(which: Answer, room: Room) -> str:
    """The tool with its version; raises Unusable where it is not the one that is installed."""
    where, _, tool = which.out.decode("utf-8", "replace").strip().partition("\n")
    if which.status or not tool or Path(where).resolve().is_relative_to(room.tree):
        raise Unusable(f"mypy is not the one that is installed: {where or which.says}")
    return tool.strip()
