"""JavaScript values as Pyodide shows them to Python: proxies, promises, errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping
from types import SimpleNamespace
from typing import Any


class JsProxy:
    """A JavaScript object; `js_class` is the name of its constructor."""

    js_class = "Object"

    @property
    def constructor(self) -> SimpleNamespace:
        return SimpleNamespace(name=self.js_class)

    def to_py(self, *, default_converter: Callable[..., Any] | None = None) -> Any:
        return default_converter(self, None, None) if default_converter else self


class JsNull(JsProxy):
    def __bool__(self) -> bool:
        return False


JSNULL = JsNull()


class JsObject(JsProxy):
    """A plain object, whose properties are attributes."""

    def __init__(self, **properties: Any) -> None:
        self.__dict__.update(properties)

    def to_py(self, *, default_converter: Callable[..., Any] | None = None) -> Any:
        return {name: _to_py(value, default_converter) for name, value in vars(self).items()}


class JsArray(JsProxy):
    js_class = "Array"

    def __init__(self, *items: Any) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def to_py(self, *, default_converter: Callable[..., Any] | None = None) -> Any:
        return [_to_py(item, default_converter) for item in self.items]


def _to_py(value: Any, default_converter: Callable[..., Any] | None) -> Any:
    if value is JSNULL or not isinstance(value, JsProxy):
        return value
    return value.to_py(default_converter=default_converter)


class JsException(Exception):
    """A JavaScript error that reaches Python."""

    def __init__(self, message: str, name: str = "Error") -> None:
        super().__init__(message)
        self.message = message
        self.name = name


class Promise(JsProxy):
    """What every asynchronous JavaScript function returns; starts at once, unlike a coroutine."""

    js_class = "Promise"

    def __init__(self, work: Coroutine[Any, Any, Any]) -> None:
        self._task = asyncio.ensure_future(work)

    def then(self, done: Callable[[Any], Any]) -> Promise:
        async def chained() -> Any:
            return done(await self._task)

        return Promise(chained())

    def __await__(self) -> Generator[Any, None, Any]:
        return self._task.__await__()


def to_js(
    value: Any,
    *,
    default_converter: Callable[..., Any] | None = None,
    dict_converter: Callable[..., Any] | None = None,
) -> Any:
    """Copy a Python value into JavaScript, as pyodide.ffi.to_js does."""

    def converted(item: Any) -> Any:
        return to_js(item, default_converter=default_converter, dict_converter=dict_converter)

    if value is None or isinstance(value, str | bool | int | float | bytes | JsProxy):
        return value
    if isinstance(value, Mapping):
        return JsObject(**{name: converted(item) for name, item in value.items()})
    if isinstance(value, list | tuple):
        return JsArray(*(converted(item) for item in value))
    return default_converter(value, converted, None) if default_converter else value


def from_js(value: Any) -> Any:
    """Give plain Python data, for the stand-ins of bindings to work with."""
    if value is JSNULL:
        return None
    if isinstance(value, JsObject):
        return {name: from_js(item) for name, item in vars(value).items()}
    if isinstance(value, JsArray):
        return [from_js(item) for item in value]
    return value


def row_object(names: list[str], values: tuple[Any, ...]) -> JsObject:
    """Give a row of a query, NULL as JavaScript's null."""
    found = (JSNULL if value is None else value for value in values)
    return JsObject(**dict(zip(names, found, strict=True)))
