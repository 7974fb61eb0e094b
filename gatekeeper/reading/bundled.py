"""What wrangler would upload: the modules of each Worker as built, and what they are bound to."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding of an upload, by its name and type as Cloudflare's API has them.

    `about` is the class of a Durable Object or Workflow, else empty.
    """

    name: str
    type: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """What one command would upload.

    `modules` go from the name of a module to its text; `opaque` are those that are no text.
    """

    command: str
    main: str
    bindings: tuple[Bound, ...]
    modules: Mapping[str, str]
    opaque: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundled:
    """Every upload of a reading; `tool` is wrangler with its version."""

    tool: str
    uploads: tuple[Upload, ...]
