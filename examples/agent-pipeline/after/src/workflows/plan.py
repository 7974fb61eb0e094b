"""The steps of every workflow, and which documents each builds on."""

from collections.abc import Mapping

INPUTS: Mapping[str, tuple[str, ...]] = {
    "product_manager": (),
    "architect": ("product_manager",),
    "backend": ("architect",),
    "frontend": ("architect",),
    "database": ("architect",),
    "quality": ("product_manager", "backend", "frontend", "database"),
}
"""The agents in their order, each with the authors whose documents it reads."""

AGENT_STEPS: tuple[str, ...] = tuple(INPUTS)
STEPS: tuple[str, ...] = (*AGENT_STEPS, "publish", "persist")
