"""The command line in this process, for tests of what is judged: to start one takes longer."""

from __future__ import annotations

import contextlib
import io
import os
from unittest.mock import patch

from gatekeeper.cli import main
from tests.repositories import RepositoryBuilder
from tests.stages import Outcome


def gatekeeper(repository: RepositoryBuilder, *arguments: str, **environ: str) -> Outcome:
    """Run the command line in the repository, with the environment that a process would have."""
    out, err = (_stream() for _ in range(2))
    with (
        patch.dict(os.environ, {**repository.environ, "PYTHONPATH": "", **environ}, clear=True),
        contextlib.chdir(repository.path),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = main(arguments)
    return Outcome(status, _said(out), _said(err))


def check(repository: RepositoryBuilder, *arguments: str, **environ: str) -> Outcome:
    """`gatekeeper check --format json`."""
    return gatekeeper(repository, "check", "--format", "json", *arguments, **environ)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape")


def _said(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
