"""The gateway Worker behind the GITHUB service binding."""

import json
from typing import Any

from shim.http import JsResponse
from shim.javascript import JsProxy


class Gateway(JsProxy):
    """Opens one pull request per URL it is asked to PUT; fails as often as `outages` says."""

    js_class = "Fetcher"

    def __init__(self) -> None:
        self.proposals: dict[str, dict[str, Any]] = {}
        self.outages = 0

    async def fetch(self, url: str, *, method: str, body: str) -> JsResponse:
        if self.outages:
            self.outages -= 1
            return JsResponse("try again later", 503)
        if method != "PUT":
            return JsResponse("", 405)
        self.proposals.setdefault(url, json.loads(body))
        number = list(self.proposals).index(url) + 1
        repository = "/".join(url.split("/")[4:6])
        return JsResponse(json.dumps({"url": f"https://github.com/{repository}/pull/{number}"}))
