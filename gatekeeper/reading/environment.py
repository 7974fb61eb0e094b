"""What is handed on of the environment to what is run: an allow-list, and a home of ours."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

# Where packages, certificates and proxies are found. Whatever else steers a tool (PYTEST_*,
# PYTHON*, RUFF_*, NODE_OPTIONS, GIT_*) or is secret stays behind.
_ALLOWED = re.compile(
    r"LANG|LC_[A-Z]+|TZ"
    r"|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS"
    r"|(?i:https?_proxy|all_proxy|no_proxy)"
    r"|PIP_(?:(?:EXTRA_)?INDEX_URL|NO_INDEX|FIND_LINKS|CONFIG_FILE|CERT|CLIENT_CERT|PROXY"
    r"|TRUSTED_HOST|DEFAULT_TIMEOUT|TIMEOUT|RETRIES|DISABLE_PIP_VERSION_CHECK|CACHE_DIR)"
    r"|UV_(?:(?:EXTRA_|DEFAULT_)?INDEX(?:_URL)?|FIND_LINKS|NATIVE_TLS|SYSTEM_CERTS)"
    r"|(?i:npm_config_)(?!(?i:node_options|script_shell|shell|prefix)$)\S+"
    # Launchers of interpreters find these by the home folder otherwise.
    r"|PYENV_ROOT|VOLTA_HOME|ASDF_DIR|ASDF_DATA_DIR"
)

_SETTINGS = (
    ".pip/pip.conf",
    ".config/pip/pip.conf",
    "Library/Application Support/pip/pip.conf",
    ".config/uv/uv.toml",
    ".npmrc",
)
_LARGEST_SETTING = 1_000_000

# Programs of Python that would bring another environment's packages with them.
BLOCKED = (
    *("pip", "pip3", "pytest", "py.test", "coverage", "mypy", "dmypy", "ruff"),
    *("flake8", "pylint", "pyright", "tox", "nox", "pyproject-build"),
)
_REFUSAL = """#!/bin/sh
echo "${0##*/} is not installed in the environment of this reading; install it in its setup" >&2
exit 127
"""


def handed_on(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The variables of the caller's that a run gets to see."""
    return {name: value for name, value in environ.items() if _ALLOWED.fullmatch(name)}


def scrubbed(environ: Mapping[str, str], home: Path, tmp: Path) -> dict[str, str]:
    """The environment of a run, without its PATH; `home` holds what package clients need."""
    return {
        "LANG": "C.UTF-8",
        # What a run prints goes to no terminal, whichever gatekeeper was started in.
        "TERM": "dumb",
        **handed_on(environ),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "TMPDIR": str(tmp),
        # A repository around the folder for temporary files is none of its business.
        "GIT_CEILING_DIRECTORIES": str(home.parent),
    }


def furnish(home: Path, environ: Mapping[str, str]) -> None:
    """Copy what configures the user's package clients into a home of ours."""
    home.mkdir(parents=True, exist_ok=True)
    for name, source in settings_files(environ):
        with contextlib.suppress(OSError):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, home / name)


def settings_files(environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """What configures the user's package clients: the path below a home, and the file."""
    for name in _SETTINGS:
        for source in _sources(name, environ):
            with contextlib.suppress(OSError):
                if source.is_file() and source.stat().st_size <= _LARGEST_SETTING:
                    yield name, source


def _sources(name: str, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where a setting may stand; the last one goes before the others."""
    own = environ.get("HOME", "")
    config = environ.get("XDG_CONFIG_HOME", "")
    inside = name.removeprefix(".config/")
    configured = (Path(config, inside),) if inside != name and Path(config).is_absolute() else ()
    return ((Path(own, name),) if Path(own).is_absolute() else ()) + configured


def neutral_programs(environ: Mapping[str, str], repository: Path | None) -> tuple[str, ...]:
    """The folders of PATH that are neither in the user's repository nor a virtual environment.

    What is installed there may lead back to the user's own checkout.
    """
    entries = environ.get("PATH", os.defpath).split(os.pathsep)
    return tuple(entry for entry in entries if _is_neutral(entry, repository))


def _is_neutral(entry: str, repository: Path | None) -> bool:
    folder = Path(entry)
    if not folder.is_absolute() or (folder.parent / "pyvenv.cfg").exists():
        return False
    inside = repository is not None and folder.resolve().is_relative_to(repository.resolve())
    return not inside


def block(folder: Path) -> None:
    """Fill a folder with programs that say, in place of tools of Python, that they are missing."""
    folder.mkdir(parents=True)
    for name in BLOCKED:
        (folder / name).write_text(_REFUSAL, encoding="ascii")
        (folder / name).chmod(0o755)
