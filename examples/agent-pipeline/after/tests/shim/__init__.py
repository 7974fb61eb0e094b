"""A stand-in for the Workers runtime, so that the real SDK runs in CPython.

Python Workers start in workerd only with a Pyodide bundle that is fetched over the network, so
the tests cannot start them there. The classes of this service run in CPython instead: `workers`
is the real `workers-runtime-sdk`, and what it expects below itself (the `js` and `pyodide`
modules, the bindings) is imitated here just as far as the service needs it. SQL is real SQLite.
What this cannot show: the sandbox's limits, and Cloudflare's own scheduling.
"""

from shim.modules import install

__all__ = ["install"]
