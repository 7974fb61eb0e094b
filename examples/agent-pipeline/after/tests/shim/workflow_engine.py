"""Workflows: a binding, and an engine that keeps the results of finished steps."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from shim.javascript import JsException, JsObject, JsProxy, Promise, from_js, to_js

Callback = Callable[[JsProxy], Awaitable[Any]]


class Interrupted(BaseException):
    """The instance was moved to another machine in the middle of its work."""


@dataclass
class Instance:
    """What the engine keeps of an instance, whatever happens to the code that runs it."""

    id: str
    parameters: dict[str, Any]
    status: str = "queued"
    results: dict[str, str] = field(default_factory=dict)
    log: list[tuple[str, int]] = field(default_factory=list)


class Workflows(JsProxy):
    """The binding of one Workflow class."""

    js_class = "WorkflowImpl"

    def __init__(self, workflow_class: Any, env: Any) -> None:
        self._class = workflow_class
        self._env = env
        self.instances: dict[str, Instance] = {}
        self.interrupt_after: str | None = None

    def create(self, options: JsObject) -> Promise:
        async def queued() -> JsObject:
            given = from_js(options)
            if given["id"] in self.instances:
                raise JsException(f"(instance.already_exists) {given['id']}", "WorkflowError")
            self.instances[given["id"]] = Instance(given["id"], given["params"])
            return JsObject(id=given["id"])

        return Promise(queued())

    async def settle(self) -> None:
        """Run whatever is queued, or was interrupted, to its end."""
        for instance in list(self.instances.values()):
            if instance.status == "queued":
                await self._run(instance)

    async def _run(self, instance: Instance) -> None:
        event = to_js({"payload": instance.parameters, "instanceId": instance.id})
        running = self._class(SimpleNamespace(), self._env)
        try:
            await running.run(event, _Step(instance, self))
        except Interrupted:
            return
        except Exception:
            instance.status = "errored"
        else:
            instance.status = "complete"


class _Step(JsProxy):
    """What `run` is given: a finished step is not run again, a failed one is, up to its limit."""

    def __init__(self, instance: Instance, owner: Workflows) -> None:
        self._instance = instance
        self._owner = owner
        self._counts: dict[str, int] = {}

    def do(self, name: str, config: JsObject, callback: Callback) -> Promise:
        self._counts[name] = self._counts.get(name, 0) + 1
        return Promise(self._done(f"{name}-{self._counts[name]}", name, config, callback))

    async def _done(self, key: str, name: str, config: JsObject, callback: Callback) -> Any:
        if key not in self._instance.results:
            result = await self._tried(name, from_js(config)["retries"]["limit"], callback)
            self._instance.results[key] = json.dumps(from_js(result))
            if name == self._owner.interrupt_after:
                self._owner.interrupt_after = None
                raise Interrupted
        return to_js(json.loads(self._instance.results[key]))

    async def _tried(self, name: str, limit: int, callback: Callback) -> Any:
        for attempt in range(1, limit + 2):
            self._instance.log.append((name, attempt))
            try:
                return await callback(to_js({"attempt": attempt, "step": {"name": name}}))
            except JsException as error:
                if error.name == "NonRetryableError" or attempt > limit:
                    raise
        raise AssertionError("a step has at least one attempt")
