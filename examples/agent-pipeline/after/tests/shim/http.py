"""JavaScript's Headers, Request and Response, and Pyodide's fetch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from shim.javascript import JsProxy


class JsHeaders(JsProxy):
    js_class = "Headers"

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs = {name.lower(): value for name, value in pairs}

    @classmethod
    def new(cls, pairs: Iterable[tuple[str, str]] = ()) -> JsHeaders:
        return cls(pairs)

    def has(self, name: str) -> bool:
        return name.lower() in self._pairs

    def set(self, name: str, value: str) -> None:
        self._pairs[name.lower()] = value

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs.items())


class _Body(JsProxy):
    """What a request and a response have in common: a body that can be read once."""

    def __init__(self, url: str, body: str | None, headers: JsHeaders | None) -> None:
        self.url = url
        self.headers = headers or JsHeaders()
        self.bodyUsed = False
        self._body = body or ""

    async def text(self) -> str:
        self.bodyUsed = True
        return self._body


class JsRequest(_Body):
    js_class = "Request"

    def __init__(
        self,
        url: str,
        method: str = "GET",
        body: str | None = None,
        headers: JsHeaders | None = None,
    ) -> None:
        super().__init__(url, body, headers)
        self.method = method

    @classmethod
    def new(cls, url: str, **options: Any) -> JsRequest:
        return cls(url, **options)


class JsResponse(_Body):
    js_class = "Response"

    def __init__(
        self, body: str | None = None, status: int = 200, headers: JsHeaders | None = None
    ) -> None:
        super().__init__("", body, headers)
        self.status = status

    @classmethod
    def new(cls, body: str | None = None, **options: Any) -> JsResponse:
        return cls(body, **options)


class FetchResponse:
    """The base class that Pyodide gives the SDK for its own Response."""

    def __init__(self, url: str, js_response: JsResponse) -> None:
        self.url = url
        self.js_response = js_response

    @property
    def status(self) -> int:
        return self.js_response.status

    async def text(self) -> str:
        return await self.js_response.text()


async def pyfetch(request: str, *, fetcher: Any, **options: Any) -> FetchResponse:
    """Fetch through a binding; there is no network to fetch from."""
    return FetchResponse(request, await fetcher(request, **options))
