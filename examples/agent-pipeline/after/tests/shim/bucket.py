"""An R2 bucket in memory."""

from hashlib import md5

from shim.javascript import JSNULL, JsArray, JsObject, JsProxy, Promise


class R2ObjectBody(JsProxy):
    js_class = "R2ObjectBody"

    def __init__(self, key: str, text: str) -> None:
        self.key = key
        self.size = len(text.encode())
        self.etag = md5(text.encode(), usedforsecurity=False).hexdigest()
        self._text = text

    def text(self) -> Promise:
        async def read() -> str:
            return self._text

        return Promise(read())


class R2Bucket(JsProxy):
    js_class = "R2Bucket"

    def __init__(self) -> None:
        self.objects: dict[str, R2ObjectBody] = {}

    def put(self, key: str, text: str, _options: JsObject) -> Promise:
        async def write() -> R2ObjectBody:
            self.objects[key] = R2ObjectBody(key, text)
            return self.objects[key]

        return Promise(write())

    def get(self, key: str) -> Promise:
        async def read() -> JsProxy:
            return self.objects.get(key, JSNULL)

        return Promise(read())

    def list(self, options: JsObject) -> Promise:
        prefix = vars(options)["prefix"]

        async def read() -> JsObject:
            keys = sorted(key for key in self.objects if key.startswith(prefix))
            found = JsArray(*(self.objects[key] for key in keys))
            return JsObject(objects=found, truncated=False)

        return Promise(read())
