"""Finding the endpoint for a request."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

from workers import Request, Response

from api.answers import Refused, error_answer, not_found

Parameters = Mapping[str, str]
Endpoint = Callable[[Any, Request, Parameters], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, with `{name}` for the parts that vary, and what answers it."""

    method: str
    path: str
    endpoint: Endpoint

    def parameters(self, path: str) -> Parameters | None:
        """Give the varying parts of `path`, or None if the route is for another path."""
        wanted, given = self.path.split("/"), path.split("/")
        if len(wanted) != len(given):
            return None
        pairs = list(zip(wanted, given, strict=True))
        if any(want != part for want, part in pairs if not want.startswith("{")):
            return None
        return {want[1:-1]: unquote(part) for want, part in pairs if want.startswith("{")}


async def dispatch(routes: tuple[Route, ...], env: Any, request: Request) -> Response:
    """Answer a request, or say that there is no such path (404) or method (405)."""
    try:
        route, parameters = _find(routes, request)
        return await route.endpoint(env, request, parameters)
    except Refused as refused:
        return error_answer(refused)


def _find(routes: tuple[Route, ...], request: Request) -> tuple[Route, Parameters]:
    path = urlsplit(request.url).path
    fitting = [(route, found) for route in routes if (found := route.parameters(path)) is not None]
    if not fitting:
        raise not_found(path)
    for route, parameters in fitting:
        if route.method == request.method:
            return route, parameters
    allowed = ", ".join(sorted(route.method for route, _ in fitting))
    raise Refused(
        HTTPStatus.METHOD_NOT_ALLOWED, f"{path} takes {allowed}", headers={"allow": allowed}
    )
