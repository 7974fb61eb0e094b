"""A coordinator to test against, without a Workflow."""


from shim.bases import Keeper


class CoordinatorDouble(Keeper):
    """Remembers what was started."""

    def __init__(self, ctx: object, env: object) -> None:
        super().__init__(ctx, env)
        self.started: list[str] = []

    async def start(self, workflow_id: str) -> None:
        self.started.append(workflow_id)
