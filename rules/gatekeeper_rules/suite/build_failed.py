"""The rule build-failed: the build does not pass."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import (
    Case,
    Difference,
    Evidence,
    Examined,
    Finding,
    Need,
    Observation,
    Rule,
    Side,
    Trail,
    Which,
    option,
)
from gatekeeper.reading.build import Built
from gatekeeper.value import dataclass
from gatekeeper_rules.wordings import WORDINGS

_SHOWN = 20
_SHOWN_WIDTH = 300


@dataclass(frozen=True, slots=True)
class Options:
    """Which reading is the build."""

    reading: str = option("build", says="which entry of `readings:` is the build")


def check(case: Case[Options]) -> Iterator[Observation]:
    """Only how it ended counts: what it printed is evidence, and no verdict."""
    built = case.measured(case.options.reading, Which.HEAD, Built)
    yield Examined("builds")
    if built.status != 0:
        yield _finding(built, case.contract.binding_path)


def _finding(built: Built, path: str) -> Finding:
    said = [line.rstrip()[:_SHOWN_WIDTH] for line in built.said.splitlines() if line.strip()]
    shown: tuple[Evidence, ...] = (Trail(tuple(said[-_SHOWN:])),) if said else ()
    return Finding(
        f"The build `{built.command}` {_ended(built.status)}.",
        Side.HEAD,
        path,
        (Difference("how the build ended", "exit status 0", _ended(built.status)), *shown),
        "Run the command in a clean checkout of the head, and mend what it says.",
        symbol="readings",
        quoted=f"{built.command}: {_ended(built.status)}",
    )


def _ended(status: int) -> str:
    return f"ended with exit status {status}" if status > 0 else f"was ended by signal {-status}"


RULE = Rule(
    name="build-failed",
    summary="the build does not pass",
    options=Options,
    check=check,
    runs=True,
    needs=lambda options: (Need(options.reading, Which.HEAD),),
    wordings=WORDINGS["build-failed"],
)
