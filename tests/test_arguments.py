"""What a hook says is read without argparse, and means what argparse makes of it."""

from __future__ import annotations

import pytest

from gatekeeper.arguments import parser
from gatekeeper.cli import HOOK, read

CHECKS = [
    ["check"],
    ["check", "--staged", "--staged"],
    ["check", "--staged", "--rule", "out-of-scope-change"],
    ["check", "--staged", "--config", "gate.yaml", "-C", "folder"],
    ["check", "--stag"],
    ["check", "--staged", "--format=json"],
]


@pytest.mark.parametrize("argv", [list(HOOK), *CHECKS], ids=" ".join)
def test_it_is_read_as_argparse_reads_it(argv: list[str]) -> None:
    assert vars(parser().parse_args(argv)) == vars(read(argv))


def test_every_reading_is_one_of_its_own() -> None:
    read(HOOK).rule.append("out-of-scope-change")

    assert read(HOOK).rule == []


@pytest.mark.parametrize("argv", [["--staged"], ["check", "--staged", ""], ["check", "staged"]])
def test_what_only_looks_like_it_is_refused(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(argv)

    assert (2, True) == (ended.value.code, "usage: gatekeeper" in capsys.readouterr().err)
