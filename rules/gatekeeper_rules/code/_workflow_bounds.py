"""The limits of Workflows, held against what is written down, in whichever language.

Sources: developers.cloudflare.com/workflows/reference/limits and workers-sdk,
`packages/workflows-shared/src/lib/validators.ts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper import Finding
from gatekeeper_rules.code._workflow_durations import DAY, MINUTE, NoDuration, length
from gatekeeper_rules.code._workflow_hosts import Host
from gatekeeper_rules.code._workflow_words import Words

LONGEST_NAME, LONGEST_WORKFLOW, LONGEST_ID = 256, 64, 100
MOST_STEPS, MOST_STEPS_EVER, MOST_AT_ONCE, MOST_RETRIES = 10_000, 25_000, 100, 10_000
LONGEST_TIMEOUT, LONGEST_SLEEP = 30 * MINUTE, 365 * DAY
FIX = "Keep to the limit, or split the work."
_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9-_]*")
_CONTROL = re.compile(r"[\x00-\x1f]")
_CONFIG = frozenset({"retries", "sensitive", "timeout"})
_RETRIES = frozenset({"backoff", "delay", "limit"})
_BACKOFFS = frozenset({"constant", "exponential", "linear"})
_NAMING = f"At most {LONGEST_WORKFLOW} letters, digits, `_` and, not at first, `-`."
_NAMING_IDS = f"At most {LONGEST_ID} letters, digits, `_` and, not at first, `-`."


class Written(NamedTuple):
    """What stands in a file: where, the code put briefly, and what it says.

    `value` is a string or a number, None where it is neither or only running tells it;
    `entries` are the constant keys of an object and what stands behind each.
    """

    path: str
    line: int
    shown: str
    value: str | float | None = None
    entries: tuple[tuple[str, Written], ...] = ()

    def of(self, key: str) -> Written | None:
        """What stands behind a key; of several the last, which counts."""
        return next((each for name, each in reversed(self.entries) if name == key), None)


class Breach(NamedTuple):
    """Something that is beyond a limit, or that the engine refuses."""

    at: Written
    message: str
    fix: str


def of_name(said: str | None, at: Written) -> Iterator[Breach]:
    """The name of a step."""
    if said is not None and (len(said) > LONGEST_NAME or _CONTROL.search(said)):
        why = "control characters" if _CONTROL.search(said) else f"over {LONGEST_NAME} characters"
        yield Breach(at, f"the name of the step `{at.shown}` has {why}", "Give it a short name.")


def of_sleep(at: Written, words: Words) -> Iterator[Breach]:
    """How long a step sleeps."""
    yield from _duration(at, "the sleep", (LONGEST_SLEEP, "365 days"), words)


def of_wait(at: Written, words: Words) -> Iterator[Breach]:
    """How long a step waits for an event."""
    yield from _duration(at, "the time-out", (LONGEST_SLEEP, "365 days"), words)


def of_config(config: Written, words: Words) -> Iterator[Breach]:
    """The settings of a step."""
    for key, held in config.entries:
        if key not in _CONFIG:
            yield Breach(held, f"a step has no setting `{key}`", "Remove it.")
        elif key == "timeout":
            yield from _timeout(held, words)
        elif key == "retries":
            yield from _of_retries(held)


def _timeout(held: Written, words: Words) -> Iterator[Breach]:
    if held.value == 0:
        yield Breach(held, "a time-out of 0 is refused", "Give the step some time.")
    else:
        yield from _duration(held, "the time-out of a step", (LONGEST_TIMEOUT, "30 minutes"), words)


def _of_retries(retries: Written) -> Iterator[Breach]:
    wrong = []
    for key, held in retries.entries:
        value = held.value
        if key not in _RETRIES:
            wrong.append(f"no setting `{key}`")
        elif key == "limit" and isinstance(value, float | int) and not 0 <= value <= MOST_RETRIES:
            wrong.append(f"a limit between 0 and {MOST_RETRIES:,}, not {held.shown}")
        elif key == "backoff" and value is not None and value not in _BACKOFFS:
            wrong.append(f"a backoff constant, linear or exponential, not {held.shown}")
        elif key == "delay" and not _is_duration(held):
            wrong.append(f'a delay like "10 seconds", not {held.shown}')
    if wrong:
        yield Breach(retries, f"the retries of a step take {', '.join(wrong)}", "Mend it.")


def _is_duration(held: Written) -> bool:
    try:
        length(held.value)
    except NoDuration:
        return False
    return True


def _duration(at: Written, what: str, most: tuple[int, str], words: Words) -> Iterator[Breach]:
    longest, shown = most
    try:
        found = length(at.value)
    except NoDuration as wrong:
        yield Breach(at, f"{what} is `{wrong}`, which is no duration", 'Write "5 minutes".')
        return
    if found is not None and found > longest:
        yield Breach(at, f"{what} is {at.shown}, over {shown}", words.waiting)


def of_loop(count: float | None, most: int, at: Written) -> Iterator[Breach]:
    """A loop that takes a step each time."""
    if count is not None and count > most:
        message = f"{count:,.0f} steps are more than the {most:,} that an instance may take"
        yield Breach(at, message, FIX)


def of_bindings(host: Host) -> Iterator[Finding]:
    """Names of Workflows, and numbers of steps, that the platform refuses."""
    for binding in host.own:
        name = binding.name.value if binding.name else ""
        wrong = []
        if name and not is_name(name, LONGEST_WORKFLOW):
            wrong.append(f"`{name}` is no name for a Workflow")
        if binding.steps is not None and not 0 < binding.steps <= MOST_STEPS_EVER:
            wrong.append(f"{binding.steps:,} steps are more than {MOST_STEPS_EVER:,}")
        if wrong:
            yield host.finding(binding.span, "; ".join(wrong), name, _NAMING)


def of_id(said: str | None, at: Written) -> Iterator[Breach]:
    """The id that an instance is given."""
    if said is not None and not is_name(said, LONGEST_ID):
        yield Breach(at, f"`{said}` is no id for an instance", _NAMING_IDS)


def of_batch(count: int, at: Written) -> Iterator[Breach]:
    """As many instances as are created at once."""
    if count > MOST_AT_ONCE:
        message = f"{count} instances in a batch are more than {MOST_AT_ONCE}"
        yield Breach(at, message, "Make several batches.")


def is_name(text: str, longest: int) -> bool:
    """Whether the platform takes a text for the name of a Workflow, or the id of an instance."""
    return len(text) <= longest and _NAME.fullmatch(text) is not None


def most_steps(host: Host) -> int:
    """As many steps as an instance may take in an environment."""
    given = [each.steps for each in host.own if each.steps is not None]
    return min(given, default=MOST_STEPS)
