"""How wrangler is asked what it would upload: its own `deploy`, dry, into a file of ours."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from gatekeeper.reading.bundled import Bundled
from gatekeeper.reading.lint_script import answers, package, program, script, version_of
from gatekeeper.reading.method import Order
from gatekeeper.reading.output import written
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.reading.upload_form import read
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Outcome

_LEADING = frozenset({"npx", "pnpm", "yarn", "bunx", "exec"})
_VERSIONS = ("versions", "upload")
_OURS = frozenset({"--outdir", "--outfile", "--dry-run"})
_QUIET = {"WRANGLER_SEND_METRICS": "false", "WRANGLER_HIDE_BANNER": "true", "CI": "1"}


class WranglerMethod:
    """Each `wrangler deploy …` of the plan's command is run by itself, with `--dry-run`."""

    def order(self, plan: ReadingPlan, room: Room) -> Order:
        """The commands, as the room's own wrangler runs them."""
        wrangler, node = package("wrangler", room), program("node", room)
        started = [str(node), str(wrangler / "bin" / "wrangler.js")]
        asked = [
            [*started, *command, "--dry-run", "--outfile", str(room.out / f"{number}.form")]
            for number, command in enumerate(_commands(plan.run))
        ]
        return Order(script(room, asked).command, _QUIET)

    def read(self, plan: ReadingPlan, room: Room, ended: Outcome) -> Bundled:
        """What each command would upload; raises Unusable where one of them failed."""
        commands = tuple(_commands(plan.run))
        for answer in answers(room, len(commands), ended):
            if answer.status != 0:
                raise Unusable(f"wrangler did not build the Worker: {answer.says}")
        uploads = (
            read(written(room.out / f"{number}.form", ended), f"wrangler {shlex.join(command)}")
            for number, command in enumerate(commands)
        )
        return Bundled(f"wrangler {version_of('wrangler', room)}", tuple(uploads))


def _commands(run: str) -> Iterator[list[str]]:
    """What follows `wrangler` in each command; raises Unusable for any other command."""
    for said in run.replace("\n", " && ").split("&&"):
        try:
            words = shlex.split(said)
        except ValueError:
            words = []
        while words and words[0] in _LEADING:
            words = words[1:]
        uploads = words[1:2] == ["deploy"] or tuple(words[1:3]) == _VERSIONS
        if words[:1] != ["wrangler"] or not uploads:
            raise Unusable(
                f"its `run` must be `wrangler deploy …` (several with `&&`), not {said.strip()!r}"
            )
        yield list(_theirs(words[1:]))


def _theirs(words: list[str]) -> Iterator[str]:
    """The words without where the build is written, which is for us to say."""
    before = ""
    for word in words:
        mine = word.partition("=")[0] in _OURS
        value = before in _OURS - {"--dry-run"} and not word.startswith("-")
        if not mine and not value:
            yield word
        before = word
