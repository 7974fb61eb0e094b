"""Scripts that begin and end transactions themselves, run as the runner that they are for does."""

from __future__ import annotations

from gatekeeper.migrations.migration import Chain, Dialect, Migration, Runner, Script
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.tokens import is_hollow
from gatekeeper.value import replace

_ENDS = frozenset(("COMMIT", "END", "ROLLBACK"))
# What is known of the others' transactions is said by their files.
_SILENT = (Runner.PAIRS, Runner.GOLANG_MIGRATE, Runner.DRIZZLE)


def with_own_transactions(chain: Chain) -> Chain:
    """The chain, its scripts that begin or end a transaction run without one around them.

    A script that begins one can only be meant for a runner that has none open (golang-migrate's
    `NoTxWrap`). One that first ends the runner's, so that a pragma can be set, and leaves one open
    for the runner to end, is run with those two statements around it. D1 allows neither.
    """
    if chain.dialect is Dialect.D1 or chain.runner not in _SILENT:
        return chain
    return replace(chain, migrations=tuple(map(_as_run, chain.migrations)))


def _as_run(migration: Migration) -> Migration:
    scripts = [each for each in (migration.up, migration.down) if each is not None]
    if not migration.atomic or not any(map(_words, scripts)):
        return migration
    down = migration.down
    if down is not None and not is_hollow(down.text):  # one that says nothing stays one
        down = _wrapped(down)
    return replace(migration, up=_wrapped(migration.up), down=down, atomic=False)


def _words(script: Script) -> tuple[str, ...]:
    """The first words of the statements that begin or end a transaction, in their order."""
    words = (each.word for each in parts(script.text, script.line))
    return tuple(each for each in words if each == "BEGIN" or each in _ENDS)


def _wrapped(script: Script) -> Script:
    """The script between the runner's own BEGIN and COMMIT, unless it begins by itself."""
    words = _words(script)
    if words[:1] == ("BEGIN",):
        return script
    after = "" if words[-1:] and words[-1] in _ENDS else "\n;COMMIT;"
    return replace(script, text=f"BEGIN; {script.text}{after}")
