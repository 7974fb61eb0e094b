"""The SDK's `workflows.js`, which tells the engine which errors must not be tried again."""

import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from shim.javascript import JsException, JsProxy

Callback = Callable[..., Awaitable[Any]]


def wrapWorkflowStep(step: Any) -> Any:
    return _Step(step)


class _Step(JsProxy):
    def __init__(self, step: Any) -> None:
        self._step = step

    def do(self, name: str, *rest: Any) -> Any:
        return self._step.do(name, *rest[:-1], _reporting(rest[-1]))


def _reporting(callback: Callback) -> Callback:
    async def called(*values: Any) -> Any:
        try:
            return await callback(*values)
        except JsException:
            raise
        except Exception as error:
            raise _as_javascript(error) from error

    return called


def _as_javascript(error: Exception) -> JsException:
    if type(error).__name__ == "NonRetryableError":
        return JsException(str(error), "NonRetryableError")
    return JsException("".join(traceback.format_exception(error)), "PythonError")
