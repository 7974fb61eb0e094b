"""Reading what requests bring along; everything wrong with them is a 400."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import parse_qs, urlsplit

from workers import Request

from api.answers import bad_request
from workflows.records import Settings

MOST_EVENTS = 200
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A workflow that somebody wants to start."""

    title: str
    brief: str
    repository: str


async def wanted_from(request: Request) -> Wanted:
    """Read the body of `POST /workflows`."""
    body = await _object_from(request)
    values = {field.name: _text(body, field.name) for field in fields(Wanted)}
    if "\n" in values["title"]:
        raise bad_request("'title' must be one line")
    if not _REPOSITORY.fullmatch(values["repository"]):
        raise bad_request("'repository' must be 'owner/name'")
    return Wanted(**values)


async def settings_from(request: Request, current: Settings) -> Settings:
    """Read the body of `PUT /settings`; what it leaves out stays as it is."""
    body = await _object_from(request)
    known = asdict(current)
    if unknown := body.keys() - known.keys():
        raise bad_request(f"unknown settings: {', '.join(sorted(unknown))}")
    for name, value in body.items():
        if type(value) is not type(known[name]):
            raise bad_request(f"{name!r} must be of type {type(known[name]).__name__}")
    changed = Settings(**{**known, **body})
    if not 1 <= changed.max_attempts <= 10:
        raise bad_request("'max_attempts' must be from 1 to 10")
    return changed


def limit_from(request: Request) -> int:
    """Read `?limit=N`, 50 where it is left out."""
    given = parse_qs(urlsplit(request.url).query).get("limit", ["50"])[-1]
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_EVENTS):
        raise bad_request(f"'limit' must be from 1 to {MOST_EVENTS}")
    return int(given)


async def _object_from(request: Request) -> Mapping[str, object]:
    try:
        body = json.loads(await request.text())
    except ValueError:
        raise bad_request("the body must be JSON") from None
    if not isinstance(body, dict):
        raise bad_request("the body must be a JSON object")
    return body


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise bad_request(f"{name!r} must be a text that is not empty")
    return value.strip()
