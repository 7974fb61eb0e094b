"""The answers of the API: JSON and text, and errors in one shape."""

from collections.abc import Mapping
from http import HTTPStatus

from workers import Response


class Refused(Exception):
    """A request that cannot be served, with the answer that says why."""

    def __init__(
        self, status: HTTPStatus, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def json_answer(
    data: Mapping[str, object],
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with JSON."""
    return Response.from_json(dict(data), status=status, headers=dict(headers or {}))


def markdown_answer(text: str) -> Response:
    """Answer with a document."""
    return Response(text, headers={"content-type": "text/markdown; charset=utf-8"})


def error_answer(refused: Refused) -> Response:
    """Answer with `{"error": {"code", "message"}}`; the code names the status."""
    code = refused.status.name.lower()
    body = {"error": {"code": code, "message": refused.message}}
    return json_answer(body, refused.status, refused.headers)


def not_found(what: str) -> Refused:
    """Say that something does not exist."""
    return Refused(HTTPStatus.NOT_FOUND, f"{what} does not exist")


def bad_request(message: str) -> Refused:
    """Say what is wrong with the request."""
    return Refused(HTTPStatus.BAD_REQUEST, message)
