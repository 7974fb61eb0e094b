"""The agents: each writes one document from the brief and from what others wrote before."""

from collections.abc import Callable, Mapping

from agents.architect import architect
from agents.backend import backend
from agents.brief import Brief
from agents.database import database
from agents.frontend import frontend
from agents.product_manager import product_manager
from agents.quality import quality
from documents import Document

Agent = Callable[[Brief, Mapping[str, Document]], Document]

AGENTS: Mapping[str, Agent] = {
    "product_manager": product_manager,
    "architect": architect,
    "backend": backend,
    "frontend": frontend,
    "database": database,
    "quality": quality,
}

__all__ = ["AGENTS", "Agent", "Brief"]
