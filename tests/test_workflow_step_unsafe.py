"""The Rules of Workflows: what is found beyond the page's examples, what is left alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Doubt, Finding, Note, Snapshot
from gatekeeper_rules.code._workflow_safety import observations
from gatekeeper_rules.code.workflow_step_unsafe import RULE, Options
from tests.cases import case_between

HEAD = """\
import asyncio, random, time, datetime
from workers import WorkflowEntrypoint
class Pipeline(WorkflowEntrypoint):
    async def run(self, event, step):
        @step.do("work")
        async def work():
            return await self.env.KV.get("x")
        await work()
"""
BODY = 9
"""The line at which the end of `run` begins."""


def told(files: Mapping[str, str], *, judged: bool = False) -> list[str]:
    """What is found (`!`) and what is unproven (`?`), each with its line."""
    said = observations(Snapshot.of("head", files), judged=judged)
    signs = {Finding: "!", Doubt: "?"}
    return sorted(
        f"{signs[type(each)]}{each.line}" for each in said if isinstance(each, Finding | Doubt)
    )


def ran(body: str, *, judged: bool = False) -> list[str]:
    """What is told of a `run` with this end; lines count from its first."""
    text = HEAD + "".join(f"        {line}\n" for line in body.splitlines())
    said = told({"src/pipeline.py": text}, judged=judged)
    places = sorted((int(each[1:]) - BODY + 1, each[0]) for each in said)
    return [f"{sign}{line}" for line, sign in places]


STEP = "@step.do('more')\nasync def more():\n    "

FOUND: dict[str, tuple[str, list[str]]] = {
    "a list filled through a subscript": (
        f"held = {{'a': []}}\n{STEP}held['a'].append(1)\nawait more()",
        ["!4"],
    ),
    "an item deleted": (f"held = {{}}\n{STEP}del held['a']\nawait more()", ["!4"]),
    "an attribute of an object": (f"held = object()\n{STEP}held.x = 1\nawait more()", ["!4"]),
    "a lambda that fills": ("held = []\nawait step.do('more')(lambda: held.append(1))()", ["!2"]),
    "a name of the module": (f"{STEP}global N; N = 1\nawait more()", ["!3"]),
    "in a function inside of a step": (
        f"held = []\n{STEP}def inner():\n        held.append(1)\n    inner()\nawait more()",
        ["!5"],
    ),
    "a binding by another name": ("kv = self.env.KV\nput = await kv.put('a', 'b')", ["!2"]),
    "a binding by its key": ("await self.env['KV'].put('a', 'b')", ["!1"]),
    "bindings under another name": ("env = self.env\nawait env.KV.put('a', 'b')", ["!2"]),
    "an effect in a comprehension": ("[await self.env.KV.get(x) for x in 'ab']", ["!1"]),
    "an instance created": ("await self.env.OTHER.create({'id': 'a'})", ["!1"]),
    "an effect in a branch": ("if event:\n    await self.env.KV.put('a', 'b')", ["!2"]),
    "an effect handed on": ("await asyncio.gather(work(), self.env.KV.put('a', 'b'))", ["!1"]),
    "an effect as a task": ("t = asyncio.create_task(self.env.KV.put('a', 'b'))\nawait t", ["!1"]),
    "a helper inside": (
        "async def go():\n    await self.env.KV.put('a', 'b')\nawait go()",
        ["!2"],
    ),
    "a clock in a condition": ("if time.time() > event['t']:\n    await work()", ["!1"]),
    "chance by a name": ("r = random.random()\nif r > 0.5:\n    await work()", ["!1"]),
    "chance in a choice": ("await (work() if random.random() else work())", ["!1"]),
    "chance before and": ("random.random() > 0.5 and await work()", ["!1"]),
    "the day": ("today = datetime.date.today()", ["!1"]),
    "a new id of JavaScript": ("from js import crypto\nx = crypto.randomUUID()", ["!2"]),
    "the event by an attribute": ("event['payload'].update(a=1)", ["!1"]),
    "an item of the event counted up": ("event['payload']['n'] += 1", ["!1"]),
    "a time limit on a step": ("async with asyncio.timeout(5):\n    await work()", ["!1"]),
    "a step held and forgotten": (
        f"{STEP}return await self.env.KV.get('y')\ntasks = []\ntasks.append(more())",
        ["!1"],
    ),
    "a step in a text": (f"{STEP}return 1\nprint(f'{{more()}}')", ["!1"]),
    "a step only a forgotten one needs": (
        f"{STEP}return 1\n@step.do()\nasync def last(more):\n    return 1\nlast()",
        ["!1", "!4"],
    ),
    "a step awaited once and once not": ("work()", ["!-3"]),
    "an event nobody waits for": ("step.wait_for_event('e', 'approved')", ["!1"]),
    "a time-out in milliseconds": (
        "config = {'timeout': 1_800_001}\n@step.do('x', config=config)\ndef x(): 1\nawait x()",
        ["!1"],
    ),
    "a sleep that is none": ("await step.sleep('s', 'a while')", ["!1"]),
    "a name too long": (f"await step.sleep('{'n' * 257}', 1)", ["!1"]),
    "a function as a result": (f"{STEP}return lambda: 1\nawait more()", ["!3"]),
    "undo": ("await step.rollback_all()", ["!1"]),
}


@pytest.mark.parametrize(("body", "expected"), FOUND.values(), ids=FOUND.keys())
def test_what_breaks_a_rule_is_found(body: str, expected: list[str]) -> None:
    assert ran(body) == expected


KEPT: dict[str, str] = {
    "a list of the step's own": (
        f"{STEP}held = []\n    held.append(1)\n    return held\nawait more()"
    ),
    "a result collected by run": "held = []\nheld.append(await work())",
    "a name of the same spelling": (
        f"held = []\n{STEP}held = [1]\n    held.append(2)\n    return held\nawait more()"
    ),
    "a variable of the Worker": "limit = int(self.env.LIMIT)\nname = self.env.NAME.upper()",
    "a statement that is not run": "query = self.env.DB.prepare('SELECT 1').bind(1)",
    "a seeded generator": "rng = random.Random(7)\nx = rng.random()",
    "a clock in a log": "print(f'{time.time()}')",
    "a clock as the end of a sleep": "await step.sleep_until('s', time.time() + 5)",
    "a date that is made": "day = datetime.datetime(2026, 1, 1)",
    "steps one after the other in a loop": "for each in event['payload']:\n    await work()",
    "steps in a task group": (
        "async with asyncio.TaskGroup() as group:\n    group.create_task(work())"
    ),
    "a step through a helper": "async def go(held):\n    return await held\nawait go(work())",
    "a step that a function makes": (
        "def make(n):\n    @step.do(f'n {n}')\n    async def inner():\n"
        "        return await self.env.KV.get('x')\n    return inner\n"
        "for n in range(3):\n    await make(n)()"
    ),
    "a copy of the event": "payload = dict(event['payload'])\npayload['x'] = 1",
    "a result of a step changed": "held = await work()\nheld['x'] = 1",
    "half an hour": (
        "@step.do('more', config={'timeout': 30 * 60 * 1000})\nasync def more():\n"
        "    return 1\nawait more()"
    ),
    "code that is never reached": (
        "if False:\n    await self.env.KV.put('a', 'b')\n    random.random()"
    ),
    "a year of sleep": "await step.sleep('s', '365 days')",
    "a method that changes nothing": f"{STEP}return await self.other()\nawait more()",
}


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT.keys())
def test_what_breaks_no_rule_is_left_alone(body: str) -> None:
    assert ran(body) == []


UNPROVEN: dict[str, tuple[str, list[str]]] = {
    "a step handed to a function that is not known": (
        "from engine import drive\nawait drive(step)",
        ["?2"],
    ),
    "a step in a dictionary": ("held = {'step': step}", ["?1"]),
    "a step by a name that only running tells": ("getattr(step, event['how'])('x')", ["?1"]),
    "something awaited that came from elsewhere": ("await event['payload']()", ["?1"]),
    "a step given to who knows": (f"{STEP}return 1\nregister(more)", ["?1"]),
}


@pytest.mark.parametrize(("body", "expected"), UNPROVEN.values(), ids=UNPROVEN.keys())
def test_what_cannot_be_followed_is_unproven(body: str, expected: list[str]) -> None:
    assert ran(body) == expected


def test_advice_is_a_note_and_breaks_nothing() -> None:
    text = HEAD + "        await work()\n        await step.do('work')(lambda: 1)()\n"

    said = tuple(observations(Snapshot.of("head", {"src/pipeline.py": text}), judged=False))

    notes = [each.says for each in said if isinstance(each, Note)]
    assert notes == ["advice: src/pipeline.py:10: a step called `work` is made on line 5 already"]
    assert not [each for each in said if isinstance(each, Finding | Doubt)]


def test_both_signatures_count_where_two_environments_differ() -> None:
    files = {
        "wrangler.toml": 'main = "src/main.py"\ncompatibility_date = "2026-05-01"\n'
        '[env.old]\ncompatibility_date = "2025-12-01"\n',
        "src/main.py": HEAD + "        @step.do()\n        async def more(work):\n"
        "            return work\n        await more()\n",
    }

    assert told(files) == ["!9"]


def test_tests_are_not_judged() -> None:
    assert told({"tests/test_pipeline.py": HEAD.replace("await work()", "work()")}) == []


def test_a_workflow_in_two_files_is_told_of_once_where_the_fault_stands() -> None:
    base = HEAD.replace("class Pipeline", "class Base").replace(
        "        await work()", "        work()"
    )
    files = {
        "src/base.py": base,
        "src/one.py": "from base import Base\nclass One(Base): ...\n",
        "src/two.py": "from base import Base\nclass Two(Base): ...\n",
    }

    assert told(files) == ["!5"]


def test_a_preview_leaves_alone_what_does_not_speak_of_workflows() -> None:
    base = {"src/pipeline.py": HEAD}
    head = {**base, "src/other.py": "x = 1\n"}
    case = case_between(Snapshot.of("base", base), Snapshot.of("head", head), Options())

    assert RULE.concerns is not None
    assert not RULE.concerns(case)


def test_a_run_that_is_far_too_long_is_unproven_in_no_time() -> None:
    text = HEAD + "        await work()\n" * 9_000

    assert told({"src/pipeline.py": text}) == ["?4"]


def test_a_step_in_a_function_inside_of_run_counts_where_that_is_awaited() -> None:
    assert ran(f"{STEP}return 1\nasync def go():\n    await more()\nawait go()") == []
    assert ran(f"{STEP}return 1\nasync def go():\n    more()\nawait go()") == ["!1"]
