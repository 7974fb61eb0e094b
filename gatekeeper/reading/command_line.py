"""Which programs a shell line starts, as far as it says so without being run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

_SIGNS = "();<>|&\n"
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=.*", re.DOTALL)
_LEADING = frozenset({"{", "!", "if", "then", "else", "elif", "while", "until", "do", "time"})
_WRAPPERS: Mapping[str, frozenset[str]] = {
    "env": frozenset({"-u", "-C", "--unset", "--chdir"}),
    "nice": frozenset({"-n"}),
    "timeout": frozenset({"-k", "-s"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    **dict.fromkeys(("command", "exec", "nohup"), frozenset[str]()),
}
"""Programs that start another one, and their options that are followed by a value."""

_AMOUNT = re.compile(r"[0-9.]+[smhd]?")
_PYTHON = re.compile(r"python[0-9.]*")
_LAUNCHER_VALUES = frozenset({"-p", "--package", "-c", "--call", "-X", "-W"})


def programs(line: str) -> tuple[str, ...]:
    """The programs that a line starts, in its order: those that others start included.

    `CI=1 env -u X npx vitest && cp a b` starts env, npx, vitest and cp. A path is told by its
    last part. What stands in quotes for another shell is not looked into.
    """
    return tuple(name for command in _commands(line) for name in _started(command))


def program_of(line: str) -> str:
    """The tool that the first command of a line is about: what a launcher starts, else itself."""
    for command in _commands(line):
        started = tuple(_started(command))
        if started:
            return started[-1]
    return ""


def words(line: str) -> tuple[str, ...]:
    """All the words of a line that could name something."""
    return tuple(word for command in _commands(line) for word in command)


def _commands(line: str) -> Iterator[Sequence[str]]:
    """The simple commands of a line, each as its words; what is redirected counts as words."""
    for ends, group in groupby(_tokens(line), _ends):
        if not ends:
            yield tuple(word for word in group if not _is_sign(word))


def _tokens(line: str) -> Sequence[str]:
    lexer = shlex.shlex(line.replace("\\\n", " "), posix=True, punctuation_chars=_SIGNS)
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return tuple(lexer)
    except ValueError:  # a quotation that is not closed: the shell will say so
        return tuple(line.split())


def _is_sign(word: str) -> bool:
    return bool(word) and not word.strip(_SIGNS)


def _ends(word: str) -> bool:
    """Whether a word ends a command; where output is led to (`>`, `2>&1`) it goes on."""
    return _is_sign(word) and not set("<>") & set(word)


def _started(command: Sequence[str]) -> Iterator[str]:
    rest = list(command)
    while rest:
        word = rest.pop(0)
        if _ASSIGNMENT.fullmatch(word) or word in _LEADING:
            continue
        name = word.rpartition("/")[2]
        yield name
        if name in _WRAPPERS:
            rest = _after_options(rest, _WRAPPERS[name])
            if name == "timeout" and rest and _AMOUNT.fullmatch(rest[0]):
                rest.pop(0)
        elif name == "npx" or _PYTHON.fullmatch(name):
            yield from _launched(name, rest)
            return
        else:
            return


def _launched(launcher: str, rest: list[str]) -> Iterator[str]:
    """What `npx` or an interpreter starts; of an interpreter only a module, `-m`, has a name."""
    waiting = iter(rest)
    for word in waiting:
        if word in _LAUNCHER_VALUES:
            next(waiting, None)
        elif word == "-m":
            yield next(waiting, "")
            return
        elif not word.startswith("-"):
            if launcher == "npx":
                yield word.partition("@")[0] or word
            return


def _after_options(rest: list[str], with_value: Collection[str]) -> list[str]:
    while rest and rest[0].startswith("-"):
        rest = rest[2 if rest[0] in with_value else 1 :]
    return rest
