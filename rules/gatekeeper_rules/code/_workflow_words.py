"""What is said of Workflows that break a rule, alike for Python and for scripts."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """What the fixes name, as a language spells it."""

    awaiting: str
    copying: str
    sleeping: str
    racing: str
    waiting: str
    batching: str


PYTHON = Words(
    awaiting="Await it: `await name()`, or hand it to `asyncio.gather` and await that.",
    copying='Work on a copy: `{**event["payload"]}`.',
    sleeping="Use `await step.sleep(name, duration)`, which is kept.",
    racing="Put the race into one step, or wait for all with `asyncio.gather`.",
    waiting="Wait with `step.wait_for_event` or `step.sleep`, or split the work.",
    batching="Create them with `create_batch`, at most 100 at once.",
)
SCRIPT = Words(
    awaiting="Await it: `await step.do(…)`, or hand it to `Promise.all` and await that.",
    copying="Work on a copy: `structuredClone(event.payload)`.",
    sleeping="Use `await step.sleep(name, duration)`, which is kept.",
    racing="Put the race into one step, or wait for all with `Promise.all`.",
    waiting="Wait with `step.waitForEvent` or `step.sleep`, or split the work.",
    batching="Create them with `createBatch`, at most 100 at once.",
)

FIX_EFFECT = "Do it in a step, whose result is kept."
FIX_STATE = "Give it back from the step, and use the step's result."
FIX_DIFFERING = "Take it in a step, and use the step's result."
FIX_TWICE = "Give each step a name of its own: it is the key of the kept result."
FIX_BLIND = "Look first whether it is done, or give the call a key that makes it idempotent."
FIX_COARSE = "Give each call a step of its own, so that only what failed is tried again."
FIX_LARGE = "Put it into R2 and give back the key, or give back only what is needed."
FIX_NESTED = "Let `run` call it, between two steps."
FIX_ID = "Make the id of more than that, and keep it."

ANYWHERE = "is another value each time that `run` starts again, and stands outside of a step"
NAMING = "is in the name of a step, which is then another step each time that `run` starts again"
DECIDING = "decides what is run, and decides otherwise when `run` starts again"
ONE_BY_ONE = "instances are created one by one in a loop"
INSTANCE = "another instance may be created"
ROW = "the row may be inserted twice"


def not_awaited(step: str) -> str:
    """A step that was started, and nobody waits for it."""
    return f"the step `{step}` is not awaited"


def never_called(step: str) -> str:
    """A step that was made, and nobody calls it."""
    return f"the step `{step}` is never called, so it never runs"


def unsure(step: str) -> str:
    """A step that goes where nobody sees whether it is awaited."""
    return f"whether the step `{step}` is awaited cannot be told"


def changes(step: str, target: str) -> str:
    """A step that changes what lies outside of it."""
    return f"the step `{step}` changes `{target}`, which lies outside of it"


def changes_event(code: str) -> str:
    """Something that changes the event."""
    return f"`{code}` changes the event, which the next start has as it was"


def done_again(code: str) -> str:
    """A side effect outside of steps."""
    return f"`{code}` is done outside of a step, and again when `run` starts again"


def lost(code: str) -> str:
    """A sleep that nobody keeps."""
    return f"`{code}` outside of a step is lost when `run` starts again"


def races(code: str) -> str:
    """A race outside of steps."""
    return f"`{code}` outside of a step ends otherwise when `run` starts again"


def not_followed(code: str) -> str:
    """Something that is awaited, and nobody sees what it does."""
    return f"what `{code}` does cannot be followed"


def not_told(step: str) -> str:
    """A step that is given something of which nobody sees what it does."""
    return f"what the step `{step}` does cannot be told"


def twice(name: str, line: int) -> str:
    """A second step of one name."""
    return f"a step called `{name}` is made on line {line} already"


def sent_twice(code: str) -> str:
    """A request that is not idempotent."""
    return f"`{code}` may be sent twice"


def blindly(what: str) -> str:
    """Something that a step does without having looked whether it is done."""
    return f"{what} when the step is tried again"


def services(step: str, named: set[str]) -> str:
    """A step that talks to several services."""
    return f"the step `{step}` talks to {', '.join(sorted(named))}"


def everything(step: str, count: int) -> str:
    """A step that does all the work."""
    return f"the step `{step}` is the only one, and awaits {count} things"


def gives_back(step: str, what: str) -> str:
    """A step whose result may be too large."""
    return f"the step `{step}` gives back {what}; over 1 MiB is refused"


def stands_within(code: str, step: str) -> str:
    """A sleep or step within a step."""
    return f"`{code}` stands within the step `{step}`"


def persons(name: str) -> str:
    """An id of an instance that is somebody's."""
    return f"`{name}` as the id lets everybody have one instance only"


def once(code: str) -> str:
    """An id of an instance that is constant."""
    return f"`{code}` as the id can be used once only"
