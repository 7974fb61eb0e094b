"""The modules that the SDK imports and that only the Workers runtime has."""

import sys
import types
from typing import Any

from shim import http, javascript, workflows_js


def install() -> None:
    """Put the modules where `import workers` looks for them."""
    for name, contents in _modules().items():
        module = types.ModuleType(name)
        vars(module).update(contents)
        sys.modules[name] = module
        package, _, last = name.rpartition(".")
        if package:
            setattr(sys.modules[package], last, module)


def _modules() -> dict[str, dict[str, Any]]:
    plain = types.SimpleNamespace
    return {
        "js": {
            "Object": plain(fromEntries=dict),
            "Headers": http.JsHeaders,
            "Request": http.JsRequest,
            "Response": http.JsResponse,
        },
        "pyodide": {"__version__": "0.28.2", "__path__": []},
        "pyodide.ffi": {
            "JsBuffer": javascript.JsProxy,
            "JsException": javascript.JsException,
            "JsProxy": javascript.JsProxy,
            "create_once_callable": lambda function: function,
            "create_proxy": lambda value: value,
            "destroy_proxies": lambda _proxies: None,
            "jsnull": javascript.JSNULL,
            "to_js": javascript.to_js,
        },
        "pyodide.http": {"FetchResponse": http.FetchResponse, "pyfetch": http.pyfetch},
        "_pyodide_entrypoint_helper": {
            "doAnImport": _import_from_javascript,
            "patchWaitUntil": lambda _ctx: None,
        },
        # compatibility_date 2026-05-01 turns these on
        "_cloudflare_compat_flags": {"python_workflows_implicit_dependencies": True},
    }


async def _import_from_javascript(name: str) -> Any:
    if name == "python_modules/workers/workflows.js":
        return workflows_js
    raise javascript.JsException(f"no such module: {name}")
